"""A picture of a model, without a display.

    f3d_preview.py SOURCE RESULT UP        UP is +Y or +Z

Exit codes: 3 the source cannot be read, 4 nothing to see in it; the last line that begins with `KILN <code>: ` tells why.
"""
import os
import sys

import f3d

SIDE = 512


def stop(code, reason):
    print(f"\nKILN {code}: {reason}")
    sys.stdout.flush()
    os._exit(code)


source, result, up = sys.argv[1:4]
engine = f3d.Engine.create_egl()
engine.window.size = SIDE, SIDE
engine.options.update({
    "scene.up_direction": up, "render.background.color": [1.0, 1.0, 1.0], "render.effect.tone_mapping": True,
    "render.grid.enable": False, "ui.axis": False,
})
try:
    engine.scene.add(source)
except Exception as error:
    stop(3, str(error))
# From a corner, so that every axis shows.
camera = engine.window.camera
camera.azimuth(35)
camera.elevation(25)
camera.reset_to_bounds()
picture = engine.window.render_to_image()
pixels, size = picture.content, picture.channel_count
if all(pixels[at:at + size] == pixels[:size] for at in range(0, len(pixels), size)):
    stop(4, "Nothing of the model can be seen.")
picture.save(result)
sys.stdout.flush()
os._exit(0)

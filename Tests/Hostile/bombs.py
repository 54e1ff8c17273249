"""Inputs that grow: nesting, entities, archives, programs without an end; and names that mean something elsewhere."""

import json
import stat

from pieces import ANY, BROKEN, archive, changed, glb, member, one, sample


def nesting(canary):
    deep = 100_000
    yield one(
        "gltf 100,000 arrays deep",
        "a.gltf",
        '{"asset":{"version":"2.0"},"extras":' + "[" * deep + "]" * deep + "}",
        "stl",
        BROKEN,
        quick=True,
    )
    yield one(
        "glb 100,000 objects deep",
        "a.glb",
        glb(b'{"asset":{"version":"2.0"},"extras":' + b'{"a":' * deep),
        "stl",
        BROKEN,
        quick=True,
    )
    for name, root, tail in [("dae", "<COLLADA>", ""), ("x3d", "<X3D><Scene>", ""), ("amf", "<amf>", "")]:
        yield one(
            f"{name} 100,000 elements deep",
            f"a.{name}",
            root + "<a>" * deep + "</a>" * deep + tail,
            "stl",
            BROKEN,
            quick=True,
        )
    yield one(
        "3mf 100,000 elements deep",
        "a.3mf",
        changed("3mf", ".model", lambda x: x.replace(b"<resources>", b"<resources>" + b"<a>" * deep)),
        "stl",
        BROKEN,
    )
    yield one(
        "scad 100,000 parentheses deep",
        "a.scad",
        "x = " + "(" * deep + "1" + ")" * deep + "; cube(x);",
        "stl",
        BROKEN,
        quick=True,
    )
    yield one("csg 100,000 groups deep", "a.csg", "group() {" * deep + "cube(1);" + "}" * deep, "stl", BROKEN)
    yield one("x 100,000 frames deep", "a.x", "xof 0303txt 0032\n" + "Frame a {\n" * deep + "}\n" * deep, "stl", ANY)
    yield one(
        "fbx 100,000 nodes deep",
        "a.fbx",
        "; FBX 7.3.0 project file\nFBXHeaderExtension: {\n" + "a: {\n" * deep,
        "stl",
        ANY,
    )
    yield one(
        "step 100,000 lists deep",
        "a.step",
        sample("step").replace(b"#1", b"#999999=X(" + b"(" * deep + b")" * deep + b");\n#1", 1),
        "stl",
        ANY,
    )
    yield one("usd 100,000 prims deep", "a.usd", "#usda 1.0\n" + 'def "a" {\n' * deep + "}\n" * deep, "stl", ANY)


def xml_bombs(canary):
    bomb = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(10))
    bomb = f'[<!ENTITY l0 "lol">{bomb}]'
    kinds = {
        "a bomb of entities": bomb,
        "an external entity": f'[<!ENTITY x SYSTEM "file://{canary}">]',
        "a parameter entity": f'[<!ENTITY % x SYSTEM "file://{canary}"> %x;]',
        "its type in a file": f'SYSTEM "{canary}"',
        "its type on the web": 'SYSTEM "http://127.0.0.1:9/x.dtd"',
    }
    refused = {"422 invalidInput", "422 unsafeReference", "415 contradictedName"}
    for title, kind in kinds.items():
        for name, root in [("dae", "COLLADA"), ("x3d", "X3D"), ("amf", "amf")]:
            text = sample(name).decode()
            start = text.index("?>") + 2 if text.startswith("<?xml") else 0
            start = max(start, text.index(f"<{root}"))
            body = text[start:].replace(">", ">&l9;&x;", 1)
            yield one(
                f"{name} with {title}",
                f"a.{name}",
                f"<?xml version='1.0'?><!DOCTYPE {root} {kind}>{body}",
                "stl",
                refused,
                quick=name == "x3d",
            )
        part = f"<!DOCTYPE model {kind}>".encode()
        yield one(
            f"3mf with {title}",
            "a.3mf",
            changed("3mf", ".model", lambda x: x.replace(b"<model", part + b"<model", 1)),
            "stl",
            refused,
            quick=True,
        )
    yield one(
        "dae in UTF-16 with entities",
        "a.dae",
        f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE COLLADA {bomb}><COLLADA/>".encode("utf-16"),
        "stl",
        refused,
    )


def zips(canary):
    box, refused = sample("obj"), {"400 invalidArchive"}
    yield one("zip bomb", "a.zip", archive([("a.obj", bytes(500 << 20))]), "stl", refused)
    yield one(
        "3mf bomb", "a.3mf", changed("3mf", ".model", lambda x: x + b" " * (300 << 20)), "stl", refused, quick=False
    )
    yield one("usdz bomb", "a.usdz", archive([("a.usda", b"#usda 1.0\n" + b" " * (300 << 20))]), "stl", refused)
    yield one(
        "zip of 5,000 files", "a.zip", archive([(f"{n}.obj", b"") for n in range(5000)]), "stl", refused, quick=True
    )
    yield one(
        "zip in a zip", "a.zip", archive([("b.zip", archive([("c.obj", box)]))]), "stl", {"415 noModel"}, quick=True
    )
    for name in [
        "../a.obj",
        "/etc/cron.d/a.obj",
        "a/../../b.obj",
        "..\\a.obj",
        "C:\\a.obj",
        "a\x01.obj",
        "a/" * 40 + "b.obj",
        "./a.obj",
        "x" * 300 + ".obj",
        "a\u202eb.obj",
    ]:
        yield one(f"zip with the name {name[:20]!a}", "a.zip", archive([(name, box)]), "stl", refused, quick=True)
    for title, mode in [("a link", stat.S_IFLNK), ("a pipe", stat.S_IFIFO), ("a device", stat.S_IFCHR)]:
        yield one(
            f"zip with {title}",
            "a.zip",
            archive([(member("a.obj", mode | 0o777), canary.encode()), ("b.obj", box)]),
            "stl",
            refused,
            quick=True,
        )
    yield one(
        "3mf with a link",
        "a.3mf",
        archive(
            [(member("3D/3dmodel.model", stat.S_IFLNK | 0o777), canary.encode()), ("[Content_Types].xml", b"<Types/>")]
        ),
        "stl",
        refused,
    )
    yield one("zip with one name in two cases", "a.zip", archive([("a.obj", box), ("A.OBJ", box)]), "stl", refused)
    twice = archive([("a.obj", box), ("b.obj", box)]).replace(b"b.obj", b"a.obj")
    yield one("zip with one name twice", "a.zip", twice, "stl", refused)
    whole = archive([("a.obj", box)])
    yield one(
        "zip with a flag for a password",
        "a.zip",
        whole[:6]
        + b"\1"
        + whole[7:].replace(
            b"PK\1\2" + whole[whole.index(b"PK\1\2") + 4 : whole.index(b"PK\1\2") + 8] + b"\0",
            b"PK\1\2" + whole[whole.index(b"PK\1\2") + 4 : whole.index(b"PK\1\2") + 8] + b"\1",
        ),
        "stl",
        refused,
    )
    for percent in (30, 60, 95):
        yield one(f"zip cut at {percent} %", "a.zip", whole[: len(whole) * percent // 100], "stl", refused, quick=True)
    yield one("zip with something before it", "a.zip", b"#!/bin/sh\n" + whole, "stl", BROKEN)
    yield one("two zips in one", "a.zip", whole + archive([("c.obj", box)]), "stl", refused)


def odd_names(canary):
    names = [
        "../../../../etc/cron.d/box.obj",
        "..\\..\\box.obj",
        "-rf.obj",
        "--help.obj",
        "$(touch pwned).obj",
        "`id`.obj",
        "a;b|c&d.obj",
        "%2e%2e%2fbox.obj",
        "box\u202ejbo.obj",
        "box\u2066\u2028.obj",
        "ba\x01\x1b[31mx.obj",
        "CON.obj",
        " .obj",
        "x" * 500 + ".obj",
        "\U0001f4a5.obj",
        "a'b.obj",
        "\u0000box.obj",
    ]
    for name in names:
        yield one(
            f"named {name[:30]!a}", name, sample("obj"), "stl", {"succeeded", "415 unrecognisedContent"}, quick=True
        )


def programs(canary):
    options = json.dumps({"parameters": {'x=1;import("/etc/passwd")//': 1}})
    yield one(
        "scad with a parameter that is code",
        "a.scad",
        "x = 1; cube(x);",
        "stl",
        {"422 invalidOption"},
        options=options,
        quick=True,
    )
    ended = {"failed"}
    # OpenSCAD gives lists that double up, and makes do with nothing.
    text = "function d(n, x) = n == 0 ? x : d(n - 1, concat(x, x)); cube(len(d(60, [1, 2, 3])));"
    yield one("scad doubling a list", "a.scad", text, "stl", {"failed", "succeeded"})
    for title, text, quick in [
        ("without an end", "function f(n) = f(n + 1); cube(f(0));", True),
        ("a loop without an end", "for (i = [0:1e9]) translate([i, 0, 0]) cube(1);", False),
        ("a loop in a list", "x = [for (i = 0; true; i = i + 1) i]; cube(x[0]);", True),
        ("eating memory", "x = [for (i = [0:9999]) for (j = [0:9999]) [i, j]]; cube(len(x));", True),
        ("doubling a text", 'function d(n, x) = n == 0 ? x : d(n - 1, str(x, x)); cube(len(d(60, "aaaa")));', False),
        ("flooding its log", 'for (i = [0:1e6]) for (j = [0:1e6]) echo("flood", i, j);', True),
        ("a sphere of a billion", "sphere(1, $fn = 60000);", False),
        ("calling itself", "module a() { a(); } a();", False),
        ("an assertion", "assert(false);", False),
        ("sums of shapes", "minkowski() { sphere(9, $fn = 200); sphere(5, $fn = 200); sphere(3, $fn = 200); }", False),
    ]:
        yield one(f"scad {title}", "a.scad", text, "stl", ended, quick=quick)


FAMILIES = [nesting, xml_bombs, zips, odd_names, programs]

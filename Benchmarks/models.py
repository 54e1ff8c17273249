"""Models made for measuring."""


def small_obj(size=1024):
    """An OBJ of about `size` bytes: a strip of triangles."""
    lines = []
    for number in range(size // 40):
        lines.append(f"v {number} {number % 2} {number % 3 * 0.5:.3f}")
    for number in range(1, len(lines) - 1):
        lines.append(f"f {number} {number + 1} {number + 2}")
    text = "\n".join(lines) + "\n"
    return (text + "#" * max(0, size - len(text) - 1) + "\n").encode()


def write_large_stl(path, size):
    """A binary STL of about `size` bytes; sparse on disk, all its triangles lie in one point."""
    triangles = (size - 84) // 50
    with open(path, "wb") as file:
        file.write(b"made for measuring".ljust(80) + triangles.to_bytes(4, "little"))
        file.truncate(84 + 50 * triangles)
    return 84 + 50 * triangles

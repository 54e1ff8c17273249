# One file through ODA File Converter, which turns folders into folders.
#
#   oda.sh FROM TO VERSION PROGRAM...        FROM and TO are dwg or dxf; the program comes with what makes its display
#
# Its exit code tells nothing, its output may stand under a name in other letters, and what it could not do it writes into
# a file beside it that ends in .err. Exit codes: 3 the source cannot be read, 5 the result cannot be written; the last
# line that begins with `KILN <code>: ` tells why.
set -u

from=$1 to=$2 version=$3
shift 3
case $to in dwg) kind=DWG ;; *) kind=DXF ;; esac

mkdir "$TMPDIR/oda-in" "$TMPDIR/oda-out"
# By copy: it writes beside its sources.
cp "/in/model.$from" "$TMPDIR/oda-in/model.$from"
# Its arguments: input folder, output folder, version, kind, recurse, audit, filter. An audit repairs what it can.
"$@" "$TMPDIR/oda-in" "$TMPDIR/oda-out" "$version" "$kind" 0 1 "model.$from"

for found in "$TMPDIR"/oda-out/* "$TMPDIR"/oda-out/*/*; do
    case $(basename "$found" | tr '[:upper:]' '[:lower:]') in
    *.err) complaint=$found ;;
    *."$to") if [ -s "$found" ]; then exec mv "$found" "/out/model.$to"; fi ;;
    esac
done
if [ -n "${complaint-}" ]; then
    echo "KILN 3: $(grep -v '^[[:space:]]*$' "$complaint" | head -n 1 | cut -c 1-200)"
    exit 3
fi
echo "KILN 5: ODA File Converter wrote nothing."
exit 5

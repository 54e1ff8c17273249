# Turns exact models into one another, and into triangles, in DRAW of Open CASCADE.
#
# Before this text stand: `set from <format>`, `set to <format>`, `set tolerance <part of the diagonal>`, `set binary 0|1`.
# DRAW always ends with 0. What went wrong is in its last line, as `KILN <code>: <reason>`: 3 the source cannot be read,
# 4 nothing is in it, 5 the result cannot be written. There is no result then.
#
# Its variables are those of the procedure that it is called in: hence so few procedures.

set source "/in/model.$from"
set result "/out/model.$to"

proc stop {code reason} {
    file delete $::result
    puts "KILN $code: [lindex [split [string trim $reason] "\n"] 0]"
    flush stdout
    exit
}

pload MODELING XDE OCAF

# The document has colours and names too; `shape` is all of it as one.
if {[catch {
    switch $from {
        step { ReadStep model $source }
        iges { ReadIges model $source }
        brep {
            restore $source whole
            XNewDoc model
            XAddShape model whole
        }
    }
    XGetOneShape shape model
} reason]} { stop 3 $reason }

if {![regexp {FACE +: +[1-9]} [nbshapes shape]]} { stop 4 "The model has no surfaces." }

if {[catch {
    if {$to in {glb stl obj}} {
        bounding shape -noTriangulation -save x1 y1 z1 x2 y2 z2
        set diagonal [expr {sqrt(([dval x2]-[dval x1])**2 + ([dval y2]-[dval y1])**2 + ([dval z2]-[dval z1])**2)}]
        incmesh shape [expr {$diagonal * $tolerance}] -angular 28
    }
    switch $to {
        glb {
            # A BREP has no unit and no up axis: as if metres and Y-up, so that its numbers stay.
            if {$from eq "brep"} {
                XSetLengthUnit model m
                WriteGltf model $result -mergeFaces -systemCoordSys Yup
            } else {
                WriteGltf model $result -mergeFaces
            }
        }
        stl { writestl shape $result $binary }
        obj { WriteObj model $result -fileCoordSys Zup -fileUnit mm }
        step { WriteStep model $result }
        iges { WriteIges model $result }
        brep { save shape $result }
    }
} reason]} { stop 5 $reason }

if {![file exists $result]} { stop 5 "Nothing was written." }
exit

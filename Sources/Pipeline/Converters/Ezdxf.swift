extension Tool {
    static let ezdxf = Tool(
        name: "ezdxf", programs: ["/opt/kiln/ezdxf/bin/python3"], limit: 2,
        versionArguments: ["-c", "import ezdxf; print(ezdxf.__version__)"], install: "make tools", homeDepth: 2)
}

extension Converter {
    /// Drawings on a sheet, by ezdxf: the model space in the drawing's own proportions, black on white.
    static let ezdxf = Converter(
        name: "ezdxf",
        tool: .ezdxf,
        reads: [.dxf],
        writes: [.pdf, .svg, .png],
        rank: { _ in 0 },
        explain: ScriptVerdict.failure
    ) { files in
        let script = Script(name: "ezdxf_draw.py", bytes: PackageResources.ezdxf_draw_py)
        return Command("-I", script.path, files.source, files.result, files.to.name, script: script)
    }
}

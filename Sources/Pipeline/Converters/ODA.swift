extension Tool {
    static let oda = Tool(
        name: "oda", programs: ["ODAFileConverter"], limit: 1, versionArguments: nil,
        install:
            "Get the Debian package of ODA File Converter from https://www.opendesign.com/guestfiles/oda_file_converter"
            + " (free of charge, licence to be accepted there), then: apt-get install ./ODAFileConverter_*.deb xvfb xauth",
        needs: [.display])
}

extension Converter {
    /// Drawings of AutoCAD, by the Open Design Alliance's converter: a program with windows that turns folders into folders.
    static let oda = Converter(
        name: "oda",
        tool: .oda,
        reads: [.dwg, .dxf],
        writes: [.dxf, .dwg],
        excludes: { source, target in source == target },
        rank: { _ in 0 },
        // It hangs when it cannot show a window.
        limits: ToolLimits(timeout: .seconds(120)),
        explain: ScriptVerdict.failure
    ) { files in
        Command(
            files.from.name, files.to.name, "ACAD2018",
            script: Script(name: "oda.sh", bytes: PackageResources.oda_sh, shell: "/usr/bin/sh"))
    }
}

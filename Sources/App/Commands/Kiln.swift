import ArgumentParser

/// The command line: `kiln` with its subcommands; alone it prints its help.
@main
struct Kiln: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiln",
        abstract: "Turns 3D and CAD files from one format into another, as a service.",
        version: Version.current,
        subcommands: [
            ServeCommand.self, ConvertCommand.self, DoctorCommand.self, ToolsCommand.self, DrainCommand.self,
            ClockCommand.self, SettingsCommand.self, AuditCommand.self, BackupCommand.self, RestoreCommand.self,
            VerifyCommand.self,
        ])
}

import Persistence
import SystemPackage

/// Has a converter turn its sample, and judges what came out. It keeps nothing.
struct SelfTestRunner: Sendable {
    let catalogue: Catalogue
    let runner: StepRunner
    private let work: FilePath
    private let timeout: Duration

    /// A sample is tiny: what takes longer hangs.
    private static let patience = Duration.seconds(60)

    init(_ conversion: Conversion) {
        catalogue = conversion.catalogue
        runner = conversion.runner
        work = conversion.work
        timeout = min(conversion.timeout, Self.patience)
    }

    /// `nil`: it passed.
    func failure(of test: SelfTestCase) async -> Failure? {
        await runner.launcher.session { self.attempt(test, $0) }
    }

    private func attempt(_ test: SelfTestCase, _ leash: Leash) -> Failure? {
        guard let (_, tool) = catalogue.toolbox.entry(test.converter.name),
            let sample = Sample.of(test.from, for: test.to)
        else {
            return Failure(.toolMissing, "The tool is gone.")
        }
        let name = "selftest.\(test.converter.name).\(test.from.name).\(test.to.name)"
        let workspace = Workspace(root: work.appending(name))
        let file = work.appending("\(name).sample")
        do throws(Failure) {
            try Files.put(sample, at: file)
            let task = StepTask(
                test.converter, tool, ConversionFiles(from: test.from, to: test.to), StepTask.Source(file),
                limits: test.converter.limits.capped(at: timeout))
            var observation = StepRunner.Observation()
            let product = try runner.run(task, in: workspace, leash, &observation)
            clean(workspace, file)
            let fidelity = Fidelity(source: observation.source, result: product.geometry, options: task.files.options)
            return fidelity.extents.map { Failure(.invalidResult, $0) }
        } catch {
            clean(workspace, file)
            return error
        }
    }

    /// What cannot be removed now is removed at the next start.
    private func clean(_ workspace: Workspace, _ file: FilePath) {
        workspace.remove()
        Workspace(root: file).remove()
    }
}

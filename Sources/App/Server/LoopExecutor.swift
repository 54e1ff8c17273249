import NIOCore
import NIOPosix

/// Runs tasks on the threads that serve connections, so that a request that arrives is answered where it arrived, without
/// a change of threads on the way there and back. What blocks has threads of its own.
final class LoopExecutor: TaskExecutor {
    let group: MultiThreadedEventLoopGroup

    /// - Parameter cores: of the machine. Half of them serve connections; tools and what blocks have the rest.
    init(cores: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, cores / 2))
    }

    /// To be called when no task runs on it any more.
    func stop() async {
        // Fails only when it was stopped before.
        try? await group.shutdownGracefully()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? group.next()
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

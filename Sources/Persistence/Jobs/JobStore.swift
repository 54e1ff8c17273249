/// The verbs of jobs. What changes a status is in Transitions.swift, what only looks in History.swift.
package struct JobStore: Sendable {
    let writer: Writer
    let reader: Readers
    package let endings = Endings()

    init(writer: Writer, reader: Readers) {
        self.writer = writer
        self.reader = reader
    }
}

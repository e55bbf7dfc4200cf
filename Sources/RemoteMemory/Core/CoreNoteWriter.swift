import MemoryModel

/// The notes of a core, in the order of the kernel: the first thread, the process, what it was told
/// at its start, its files, the other threads; then our own.
struct CoreNoteWriter {
  private let notes: ProcessNotes
  private let format: ELFFormat
  private let pageSize: UInt64
  private var supplement: CoreSupplement
  /// How many bytes the registers of a thread take; nil when nobody knows.
  private let registerByteCount: Int?

  init(
    _ notes: ProcessNotes, _ format: ELFFormat, pageSize: UInt64, _ supplement: CoreSupplement
  ) {
    self.notes = notes
    self.format = format
    self.pageSize = pageSize
    self.supplement = supplement
    let known = notes.threads.lazy.compactMap { $0.registers?.count }.first
    registerByteCount =
      known
      ?? CoreThreadStatus.registerByteCount(machine: notes.machine, format.pointerWidth)
    self.supplement.unknownRegisters =
      notes.threads.isEmpty
      ? [notes.id] : notes.threads.filter { $0.registers == nil }.map(\.id)
  }

  /// All notes.
  var bytes: [UInt8] {
    var list: [ELFNote] = []
    // A debugger wants a thread to begin with.
    let threads = notes.threads.isEmpty ? [ThreadNote(id: notes.id)] : notes.threads
    if let status = status(of: threads[0]) { list.append(status) }
    list.append(process)
    if !notes.auxiliaryVector.isEmpty {
      list.append(ELFNote("CORE", ELFNote.auxiliaryVector, notes.auxiliaryVector))
    }
    list.append(
      ELFNote(
        "CORE", ELFNote.mappedFiles,
        CoreMappedFile.serialized(files, pageSize: pageSize, format: format)))
    if let float = floatRegisters(of: threads[0]) { list.append(float) }
    for thread in threads.dropFirst() {
      if let status = status(of: thread) { list.append(status) }
      if let float = floatRegisters(of: thread) { list.append(float) }
    }
    list.append(
      ELFNote(
        CoreSupplement.owner.description, CoreSupplement.type, supplement.serialized(format)))
    var bytes: [UInt8] = []
    for note in list { note.append(to: &bytes, format: format) }
    return bytes
  }

  private func status(of thread: ThreadNote) -> ELFNote? {
    guard
      let registers = thread.registers
        ?? registerByteCount.map({ [UInt8](repeating: 0, count: $0) })
    else { return nil }
    let status = CoreThreadStatus(
      thread: thread.id, parent: notes.parent, registers: registers)
    return ELFNote("CORE", ELFNote.threadStatus, status.serialized(format))
  }

  private func floatRegisters(of thread: ThreadNote) -> ELFNote? {
    thread.floatRegisters.map { ELFNote("CORE", ELFNote.floatRegisters, $0) }
  }

  private var process: ELFNote {
    let status = CoreProcessStatus(
      process: notes.id, parent: notes.parent, user: notes.userID, group: notes.groupID,
      name: notes.nameBytes, arguments: notes.argumentBytes)
    return ELFNote(
      "CORE", ELFNote.processInformation,
      status.serialized(format, machine: notes.machine))
  }

  private var files: [CoreMappedFile] {
    supplement.regions.compactMap { region in
      guard region.nameBytes.first == UInt8(ascii: "/"), !region.nameBytes.contains(0) else {
        return nil
      }
      return CoreMappedFile(range: region.range, offset: region.offset, name: region.nameBytes)
    }
  }
}

import MemoryModel

/// Collects what the notes of a core say.
struct CoreNoteReader {
  private static let mostNotes = 1 << 20

  private let format: ELFFormat
  private let machine: String
  private var threads: [ThreadNote] = []
  private var parent: ProcessID?
  private var process: CoreProcessStatus?
  private var auxiliaryVector: [UInt8] = []
  private var files: [CoreMappedFile] = []
  private var supplement: CoreSupplement?
  private var left = CoreNoteReader.mostNotes

  init(_ header: ELFHeader) {
    format = header.format
    machine = ELFIdentity(header: header.serialized())?.machineName ?? ""
  }

  /// Reads all notes, those of a truncated file as far as they go.
  mutating func read(
    _ segments: [ELFProgramHeader], in file: CoreBytes
  ) throws(ELFSyntaxError) {
    var room = CoreParts.mostNoteBytes
    for segment in segments where segment.type == ELFProgramHeader.note {
      let end = segment.offset.addingReportingOverflow(segment.fileByteCount)
      let inFile =
        end.overflow || end.partialValue > file.byteCount
        ? (file.byteCount > segment.offset ? file.byteCount &- segment.offset : 0)
        : segment.fileByteCount
      guard inFile <= room else {
        throw ELFSyntaxError(
          "has more than \(CoreParts.mostNoteBytes) bytes of notes", at: segment.offset)
      }
      room &-= inFile
      let bytes = file.bytes(at: segment.offset, Int(inFile))
      for note in ELFNoteReader(bytes, format: format, alignment: segment.alignment) {
        take(note)
        left &-= 1
        if left <= 0 { return }
      }
    }
  }

  private mutating func take(_ note: ELFNote) {
    if note.isA("CORE", ELFNote.threadStatus) {
      guard let status = CoreThreadStatus(parsing: note.content, format: format) else { return }
      if threads.isEmpty { parent = status.parent }
      threads.append(ThreadNote(id: status.thread, registers: status.registers))
    } else if note.isA("CORE", ELFNote.floatRegisters) {
      if !threads.isEmpty { threads[threads.count &- 1].floatRegisters = note.content }
    } else if note.isA("CORE", ELFNote.processInformation) {
      process = process ?? CoreProcessStatus(parsing: note.content, format: format)
    } else if note.isA("CORE", ELFNote.auxiliaryVector) {
      if auxiliaryVector.isEmpty { auxiliaryVector = note.content }
    } else if note.isA("CORE", ELFNote.mappedFiles) {
      if files.isEmpty { files = CoreMappedFile.list(parsing: note.content, format: format) }
    } else if note.isA(CoreSupplement.owner, CoreSupplement.type) {
      supplement = supplement ?? CoreSupplement(parsing: note.content, format: format)
    }
  }

  /// Adds what the layout depends on.
  func complete(_ source: inout CoreLayout.Source) {
    source.mappedFiles = files
    source.auxiliaryVector = AuxiliaryVector(parsing: auxiliaryVector, format: format)
    source.supplement = supplement
  }

  /// What is known of the process.
  var notes: ProcessNotes {
    var notes = ProcessNotes(id: process?.process ?? threads.first?.id ?? ProcessID(0))
    notes.parent = process?.parent ?? parent ?? notes.parent
    notes.userID = process?.user ?? 0
    notes.groupID = process?.group ?? 0
    notes.nameBytes = process?.name ?? []
    notes.argumentBytes = process?.arguments ?? []
    notes.auxiliaryVector = auxiliaryVector
    notes.machine = machine
    let unknown = Set(supplement?.unknownRegisters ?? [])
    notes.threads = threads.map { unknown.contains($0.id) ? ThreadNote(id: $0.id) : $0 }
    return notes
  }
}

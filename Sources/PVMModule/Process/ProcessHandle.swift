import LuaHost
import MemoryModel
public import RemoteMemory

/// What a script holds of a process: the memory, the child if we started it, and who wants to hear of
/// its end.
public final class ProcessHandle {
  /// The memory behind it. Everything that reads and writes goes through this.
  public let source: any MemorySource
  /// The live process; nil for a source that is none.
  public let process: RemoteProcess?
  /// The child, if this script started it.
  let child: SpawnedProcess?
  var exitCallbacks: [KeptFunction] = []
  /// Who is asked before each write; the process holds it weakly.
  private var confirmation: Confirmation?
  /// The snapshots a script took of it, the last one at the end.
  private var snapshots: [TakenSnapshot] = []
  private var made: [MadePatch] = []
  /// Whether the session was told what searches leave out.
  var hasToldLeftOut = false

  public init(_ process: RemoteProcess, child: SpawnedProcess? = nil) {
    source = process
    self.process = process
    self.child = child
  }

  /// A process whose writes somebody is asked about.
  convenience init(
    _ process: RemoteProcess, child: SpawnedProcess? = nil, confirmation: Confirmation?
  ) {
    self.init(process, child: child)
    self.confirmation = confirmation
  }

  /// Memory that was captured.
  init(_ captured: any CapturedMemory) {
    source = captured
    process = nil
    child = nil
  }

  /// A child that had ended before it could be attached.
  init(ended child: SpawnedProcess) {
    source = EndedProcess(child)
    process = nil
    self.child = child
  }

  /// The number of the process; 0 for a source that has none.
  var number: Int { Int((captured?.notes.id ?? source.processID)?.rawValue ?? 0) }

  /// Whether it still runs; false for a source that is no process.
  var isAlive: Bool { process?.isAlive ?? false }

  /// What was captured; nil for a live process.
  var captured: (any CapturedMemory)? { source as? any CapturedMemory }

  /// The last snapshot that a script still holds: the next one shares what is still equal.
  var latestSnapshot: Snapshot? { snapshots.last { $0.snapshot != nil }?.snapshot }

  /// Notes a snapshot without holding it.
  func note(_ snapshot: Snapshot) {
    snapshots.removeAll { $0.snapshot == nil }
    snapshots.append(TakenSnapshot(snapshot: snapshot))
  }

  /// The patches that are enabled or that a script holds, in the order in which they were made.
  var patches: [PatchObject] {
    made.removeAll { $0.object == nil && !$0.patch.isEnabled }
    return made.map { $0.object ?? PatchObject(handle: self, patch: $0.patch) }
  }

  /// Notes a patch without holding what a script holds of it.
  func note(_ patch: PatchObject) {
    made.removeAll { $0.object == nil && !$0.patch.isEnabled }
    made.append(MadePatch(object: patch, patch: patch.patch))
  }

  /// Whether it is a process, a snapshot, a core file or a program's file.
  var kind: String {
    switch source {
    case is Snapshot: "snapshot"
    case is ProgramMemory: "program"
    case is any CapturedMemory: "core"
    default: "process"
    }
  }

  /// The live process, or the error that this source is none.
  func live() throws -> RemoteProcess {
    if let ended = source as? EndedProcess { throw ended.gone(.attach) }
    guard let process else { throw ArgumentMismatch("\(source.label) is not a live process") }
    return process
  }

  /// How it ended; nil while it runs. Our own child is asked first: the kernel tells parents more.
  var exit: ExitStatus? { child?.exit ?? process?.exit }
}

/// A patch, and what a script may hold of it.
private struct MadePatch {
  weak var object: PatchObject?
  let patch: Patch
}

/// A snapshot that others may hold.
private struct TakenSnapshot {
  weak var snapshot: Snapshot?
}

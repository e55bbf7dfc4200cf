public import MemoryModel

/// What became of one change that a journal tells of.
public struct UndoOutcome: Sendable {
  /// How it ended.
  public enum Result: Sendable {
    /// The old bytes were put back, and read back.
    case restored
    /// The old bytes were there already.
    case unchanged
    /// Neither the old nor the new bytes are there: somebody changed them since, and they stay.
    case changed
    /// The process has ended, runs another program, or belongs to another run of the machine: there
    /// is nothing to put back.
    case gone(String)
    /// It could not be done.
    case failed(RemoteMemoryError)
  }

  /// The process.
  public let process: ProcessMark
  /// The change.
  public let place: JournalPlace
  /// What became of it.
  public let result: Result

  /// Whether nothing is left to do.
  public var isSettled: Bool {
    switch result {
    case .restored, .unchanged, .gone: true
    case .changed, .failed: false
    }
  }
}

extension LeftJournal {
  /// Puts the old bytes back, the last change first, where the process is still the same one, runs
  /// the same program, and holds what was written.
  ///
  /// What is settled is noted; when all is, the file is removed.
  /// - Parameter attach: how the processes are attached.
  /// - Throws: `EBUSY` when the program that wrote the journal still runs.
  public func undo(attach: AttachOptions = AttachOptions()) throws(RemoteMemoryError)
    -> [UndoOutcome]
  {
    guard !isInUse else {
      throw RemoteMemoryError(
        .undo, .busy, process: contents.run.id,
        detail: "\(path) is the journal of process \(contents.run.id), which still runs and takes "
          + "its changes back itself when it ends")
    }
    var processes: [Int: Result<RemoteProcess, UndoObstacle>] = [:]
    var outcomes: [UndoOutcome] = []
    var settled: Set<Int> = []
    for (number, place) in contents.open.reversed() {
      guard let mark = contents.processes[place.process] else { continue }
      let process = processes[place.process] ?? find(mark, attach)
      processes[place.process] = process
      let outcome = UndoOutcome(process: mark, place: place, result: undo(place, process))
      if outcome.isSettled { settled.insert(number) }
      outcomes.append(outcome)
    }
    close(settled)
    return outcomes
  }

  private func undo(_ place: JournalPlace, _ process: Result<RemoteProcess, UndoObstacle>)
    -> UndoOutcome.Result
  {
    switch process {
    case .failure(.gone(let why)): return .gone(why)
    case .failure(.error(let error)): return .failed(error)
    case .success(let process):
      do throws(RemoteMemoryError) {
        let pause = place.isForced ? try process.pause() : nil
        defer { pause?.resume() }
        return switch try PatchedPlace(place).putBack(in: process) {
        case .restored: .restored
        case .unchanged: .unchanged
        case .changed: .changed
        }
      } catch {
        return .failed(error)
      }
    }
  }

  /// The process a journal means, if it is still the same one.
  private func find(_ mark: ProcessMark, _ attach: AttachOptions)
    -> Result<RemoteProcess, UndoObstacle>
  {
    guard isOfThisBoot else {
      return .failure(.gone("the machine, or the container, was started anew since"))
    }
    do throws(RemoteMemoryError) {
      let process = try RemoteProcess.attach(mark.id, options: attach)
      let now = process.mark
      guard now.startTime == mark.startTime else {
        return .failure(.gone("its number belongs to another process now, \(process.name)"))
      }
      guard now.isSameRun(as: mark) else {
        return .failure(.gone("it runs another program now"))
      }
      return .success(process)
    } catch {
      switch error.cause {
      case .absent, .gone, .zombie: return .failure(.gone("it has ended"))
      default: return .failure(.error(error))
      }
    }
  }
}

/// Why a process of a journal cannot be given its bytes back.
private enum UndoObstacle: Error {
  case gone(String)
  case error(RemoteMemoryError)
}

import LuaHost
import MemoryModel
import RemoteMemory

/// The result of a tracking, as a script holds it.
public final class TrackObject {
  let handle: ProcessHandle
  let track: Track

  init(handle: ProcessHandle, track: Track) {
    self.handle = handle
    self.track = track
  }

  /// The cell with this number, from 1.
  func cell(_ number: Int64) -> TrackedObject? {
    guard number >= 1, number <= track.cells.count else { return nil }
    return TrackedObject(handle: handle, cell: track.cells[Int(number) - 1])
  }

  /// The cells that behaved in one of some ways; nil for all.
  func only(_ behaviours: [CellBehaviour]?) -> Track {
    guard let behaviours else { return track }
    return track.keeping { behaviours.contains($0.behaviour) }
  }
}

/// A value that changed while it was tracked, as a script holds it.
public final class TrackedObject {
  let handle: ProcessHandle
  let cell: TrackedCell

  init(handle: ProcessHandle, cell: TrackedCell) {
    self.handle = handle
    self.cell = cell
  }
}

extension TrackObject {
  /// A headline and an aligned table of the first cells.
  var text: String {
    var lines = [headline]
    var places = HitPlaces((try? track.source.regionMap()) ?? RegionMap([]))
    let rows = track.cells.prefix(Self.longest).enumerated().map { index, cell in
      ["\(index + 1)"] + cell.columns + [places.place(of: cell.address)]
    }
    lines += TextTable(rows: rows).lines().map(\.plain)
    if track.cells.count > Self.longest {
      lines.append("... \(track.cells.count - Self.longest) more")
    }
    return lines.joined(separator: "\n")
  }

  /// The most cells that are listed.
  private static var longest: Int { 20 }

  private var headline: String {
    let outcome = track.outcome
    let counts = track.counts.map { "\($0.count) \($0.behaviour.rawValue)" }
    let tenths = Int(min(outcome.seconds, 1e9) * 10)
    return "\(track.cells.count) of \(outcome.candidates) values"
      + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
      + ", \(outcome.samples) samples in \(tenths / 10).\(tenths % 10) s, in \(track.source.label)"
      + (outcome.isComplete ? "" : " (ended early)")
  }
}

extension TrackedCell {
  /// Address, type, behaviour, step, from where to where, and how it went.
  var columns: [String] {
    let format = kind.format
    return [
      "\(address)", format.name, behaviour.rawValue, stepText,
      "\(format.text(of: first)) -> \(format.text(of: last))", sparkline(points),
    ]
  }

  /// `+10 a step`, `7 changes`.
  private var stepText: String {
    guard behaviour == .counter else { return changes == 1 ? "1 change" : "\(changes) changes" }
    let step = meanStep
    let rounded = (abs(step) * 100).rounded() / 100
    let number = rounded < 1e15 && rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    return (step < 0 ? "-" : "+") + "\(number) a step"
  }
}

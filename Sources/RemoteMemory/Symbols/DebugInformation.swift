import MemoryModel
import Synchronization

#if Debuginfo
  import CDebuginfo
#endif

/// The debug information (DWARF) of one file, read with libdw, which is loaded when it is first
/// needed.
///
/// Addresses are the file's own. Any thread may ask; one at a time is answered.
@safe final class DebugInformation: @unchecked Sendable {
  /// What is known of the debug information of a module.
  enum State: Sendable {
    case unknown
    /// There is none, for a reason in words.
    case absent(String)
    case present(DebugInformation)
  }

  /// Whether this program was built with a reader of debug information: the trait Debuginfo, on by
  /// default.
  static var isBuiltIn: Bool {
    #if Debuginfo
      true
    #else
      false
    #endif
  }

  #if Debuginfo
    typealias Entry = pvd_entry

    private let file: OpaquePointer
    private let descriptor: Descriptor
    private let pointerWidth: PointerWidth
    private let gate = Mutex(())
    private var ranges: [UnitRange]?
    private var names: DebugNames?

    /// Addresses of one unit.
    private struct UnitRange {
      let start: UInt64
      let end: UInt64
      let unit: Entry
    }

    private init(_ file: OpaquePointer, _ descriptor: Int32, _ pointerWidth: PointerWidth) {
      unsafe self.file = file
      self.pointerWidth = pointerWidth
      self.descriptor = Descriptor(descriptor)
    }

    deinit { unsafe pvd_close(file) }

    /// The debug information of a file.
    /// - Returns: why there is none that can be read, otherwise.
    static func open(_ file: ProgramFile) -> State {
      let check = DebugFileCheck(file)
      if let problem = check.problem { return .absent(problem) }
      if let reason = unsafe pvd_load() {
        return unsafe .absent("\(String(cString: reason)); install it: apt-get install libdw1")
      }
      let descriptor = file.duplicate()
      guard descriptor >= 0, let opened = unsafe pvd_open(descriptor) else {
        System.close(descriptor)
        return .absent("libdw finds no debug information in its file")
      }
      return unsafe .present(DebugInformation(opened, descriptor, check.pointerWidth))
    }

    /// The line that code was made of; nil where that is not told.
    func line(of address: UInt64) -> SourceLine? {
      gate.withLock { _ in
        guard var unit = unit(of: address) else { return nil }
        var file: UnsafePointer<CChar>?
        var line: Int32 = 0
        guard unsafe pvd_line(&unit, address, &file, &line), line > 0, let file = unsafe file else {
          return nil
        }
        return unsafe SourceLine(file: printable(Self.bytes(file)), line: Int(line))
      }
    }

    /// A variable that lies at one address all the time.
    func variable(named name: String) -> (address: UInt64, type: DebugType)? {
      gate.withLock { _ in
        guard let entry = allNames.variables[name] else { return nil }
        var reader = DebugTypeReader(pointerWidth)
        var address: UInt64 = 0
        guard unsafe withEntry(entry, { unsafe pvd_address($0, &address) }) else { return nil }
        return (address, reader.typeOf(entry))
      }
    }

    /// The type of a name: a struct, class, union, enum or typedef.
    func type(named name: String) -> DebugType? {
      gate.withLock { _ in
        guard let entry = allNames.types[name] else { return nil }
        var reader = DebugTypeReader(pointerWidth)
        return reader.type(entry)
      }
    }

    /// The names of all variables.
    var variableNames: [String] { gate.withLock { _ in Array(allNames.variables.keys) } }

    private var allNames: DebugNames {
      if let names { return names }
      var made = DebugNames()
      for unit in units { made.add(unit) }
      names = made
      return made
    }

    private var units: [Entry] {
      var units: [Entry] = []
      var place: UInt64 = 0
      var unit = Entry()
      while units.count < 1 << 20, unsafe pvd_next_unit(file, &place, &unit) { units.append(unit) }
      return units
    }

    private func unit(of address: UInt64) -> Entry? {
      let ranges = allRanges
      var low = 0
      var high = ranges.count
      while low < high {
        let middle = low + (high - low) / 2
        if ranges[middle].start <= address { low = middle + 1 } else { high = middle }
      }
      // Ranges may lie in each other.
      for range in ranges[..<low].reversed().prefix(16) where address < range.end {
        return range.unit
      }
      return nil
    }

    private var allRanges: [UnitRange] {
      if let ranges { return ranges }
      var found: [UnitRange] = []
      for var unit in units {
        var step = 0
        var (base, start, end): (UInt64, UInt64, UInt64) = (0, 0, 0)
        while found.count < 1 << 22 {
          step = unsafe pvd_range(&unit, step, &base, &start, &end)
          guard step > 0 else { break }
          // The linker leaves the code it dropped at 0.
          if end > start, start > 0 {
            found.append(UnitRange(start: start, end: end, unit: unit))
          }
        }
      }
      found.sort { $0.start < $1.start }
      ranges = found
      return found
    }

    static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
      unsafe Array(String(cString: text).utf8)
    }
  #else
    /// Always: nothing here reads debug information.
    static func open(_ file: ProgramFile) -> State {
      .absent("this program was built without a reader of debug information (the trait Debuginfo)")
    }

    func line(of address: UInt64) -> SourceLine? { nil }
    func variable(named name: String) -> (address: UInt64, type: DebugType)? { nil }
    func type(named name: String) -> DebugType? { nil }
    var variableNames: [String] { [] }
  #endif
}

#if Debuginfo
  /// Lends an entry to C.
  func withEntry<Answer>(
    _ entry: pvd_entry, _ body: (UnsafePointer<pvd_entry>) -> Answer
  ) -> Answer {
    unsafe withUnsafePointer(to: entry) { unsafe body($0) }
  }
#endif

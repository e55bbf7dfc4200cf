#if Debuginfo
  import CDebuginfo
  import MemoryModel

  /// Reads types out of debug information. What is nested too deep, or too much, becomes plain bytes.
  struct DebugTypeReader {
    private let pointerWidth: PointerWidth
    private var depth = 0
    private var memberCount = 0

    private static let mostDepth = 24
    private static let mostMembers = 1 << 16

    /// A reader of types of a machine.
    init(_ pointerWidth: PointerWidth) { self.pointerWidth = pointerWidth }

    /// The type of a variable or member.
    mutating func typeOf(_ entry: pvd_entry) -> DebugType {
      entry.target(DebugAttribute.type).map { type($0) } ?? .bytes(0)
    }

    /// The type that an entry describes.
    mutating func type(_ entry: pvd_entry) -> DebugType {
      guard depth < Self.mostDepth else { return .bytes(entry.size(DebugAttribute.byteSize) ?? 0) }
      depth += 1
      defer { depth -= 1 }
      let tag = entry.tag
      switch tag {
      case DebugTag.base: return Self.number(entry)
      case DebugTag.enumeration: return enumeration(entry)
      case DebugTag.pointer, DebugTag.reference, DebugTag.rvalueReference:
        return .pointer(to: pointeeName(entry))
      case DebugTag.array: return array(entry)
      case DebugTag.constant, DebugTag.volatile, DebugTag.restrict, DebugTag.atomic,
        DebugTag.typedef, DebugTag.immutable:
        return typeOf(entry)
      case _ where DebugTag.isRecord(tag): return record(entry, isUnion: tag == DebugTag.union)
      default: return .bytes(entry.size(DebugAttribute.byteSize) ?? 0)
      }
    }

    private static func number(_ entry: pvd_entry) -> DebugType {
      let count = entry.size(DebugAttribute.byteSize) ?? 0
      let scalar: ScalarType?
      switch (entry.number(DebugAttribute.encoding) ?? 0, count) {
      case (2, 1): scalar = .bool
      case (4, 4): scalar = .f32
      case (4, 8): scalar = .f64
      case (5, 1), (6, 1): scalar = .i8
      case (5, 2): scalar = .i16
      case (5, 4): scalar = .i32
      case (5, 8): scalar = .i64
      case (1, 4), (7, 4), (8, 4), (16, 4), (2, 4): scalar = .u32
      case (1, 8), (7, 8), (2, 8): scalar = .u64
      case (7, 1), (8, 1), (16, 1): scalar = .u8
      case (7, 2), (8, 2), (16, 2): scalar = .u16
      default: scalar = nil
      }
      return scalar.map { .scalar(ScalarFormat($0)) } ?? .bytes(count)
    }

    private mutating func enumeration(_ entry: pvd_entry) -> DebugType {
      if let target = entry.target(DebugAttribute.type), case .scalar(let format) = type(target) {
        return .scalar(format)
      }
      switch entry.size(DebugAttribute.byteSize) ?? 0 {
      case 1: return .scalar(ScalarFormat(.u8))
      case 2: return .scalar(ScalarFormat(.u16))
      case 4: return .scalar(ScalarFormat(.u32))
      case 8: return .scalar(ScalarFormat(.u64))
      case let count: return .bytes(count)
      }
    }

    /// The name of the record that a pointer leads to.
    private func pointeeName(_ entry: pvd_entry) -> String? {
      var entry = entry
      for _ in 0..<16 {
        guard let target = entry.target(DebugAttribute.type) else { return nil }
        let tag = target.tag
        if DebugTag.isRecord(tag) { return target.name }
        guard
          [
            DebugTag.constant, DebugTag.volatile, DebugTag.restrict, DebugTag.atomic,
            DebugTag.typedef,
          ]
          .contains(tag)
        else { return nil }
        if tag == DebugTag.typedef, let name = target.name, isNamelessRecord(target) { return name }
        entry = target
      }
      return nil
    }

    private func isNamelessRecord(_ entry: pvd_entry) -> Bool {
      guard let target = entry.target(DebugAttribute.type) else { return false }
      return DebugTag.isRecord(target.tag) && target.name == nil
    }

    /// Arrays of arrays are nested, the first count outside.
    private mutating func array(_ entry: pvd_entry) -> DebugType {
      var counts: [Int] = []
      for child in entry.children(atMost: 16) where child.tag == DebugTag.subrange {
        let bound = child.number(DebugAttribute.upperBound).flatMap { $0 < .max ? $0 + 1 : nil }
        let count = child.number(DebugAttribute.count) ?? bound ?? 0
        counts.append(count >= 0 && count < 1 << 30 ? Int(count) : 0)
      }
      var type = typeOf(entry)
      var stride =
        entry.size(DebugAttribute.byteStride) ?? type.byteCount(pointerWidth: pointerWidth)
      for count in counts.reversed() {
        type = .array(type, count: count, stride: stride)
        let (product, overflows) = stride.multipliedReportingOverflow(by: count)
        if overflows || product > 1 << 40 { return .bytes(0) }
        stride = product
      }
      return counts.isEmpty ? .bytes(entry.size(DebugAttribute.byteSize) ?? 0) : type
    }

    private mutating func record(_ entry: pvd_entry, isUnion: Bool) -> DebugType {
      var members: [DebugRecord.Member] = []
      for child in entry.children(atMost: Self.mostMembers) {
        guard memberCount < Self.mostMembers else { break }
        let tag = child.tag
        guard tag == DebugTag.member || tag == DebugTag.inheritance, !child.isDeclaration else {
          continue
        }
        memberCount += 1
        members.append(member(child, isBase: tag == DebugTag.inheritance))
      }
      return .record(
        DebugRecord(
          name: entry.name, byteCount: entry.size(DebugAttribute.byteSize) ?? 0, isUnion: isUnion,
          members: members))
    }

    private mutating func member(_ entry: pvd_entry, isBase: Bool) -> DebugRecord.Member {
      let type = typeOf(entry)
      let name = isBase ? nil : entry.name
      guard let count = entry.size(DebugAttribute.bitSize), count > 0 else {
        return DebugRecord.Member(name: name, offset: entry.memberOffset, type: type)
      }
      let first: Int
      if let place = entry.size(DebugAttribute.dataBitOffset) {
        first = place
      } else {
        // Of old: counted from the most significant bit of the number that holds it.
        let size = entry.size(DebugAttribute.byteSize) ?? type.byteCount(pointerWidth: pointerWidth)
        let skipped = entry.size(DebugAttribute.bitOffset) ?? 0
        first = max(entry.memberOffset &* 8 &+ size &* 8 &- skipped &- count, 0)
      }
      return DebugRecord.Member(
        name: name, offset: first / 8, type: type,
        bits: DebugRecord.BitRange(first: first % 8, count: count))
    }
  }
#endif

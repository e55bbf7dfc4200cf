import MemoryModel
import Testing

@testable import RemoteMemory

/// Values near each other, against trying every combination.
@Suite struct GroupSearchTests {
  /// All groups there are: the members in the order of the items.
  static func groups(_ rules: GroupRules, _ places: [[UInt64]]) -> [[UInt64]] {
    var found: [[UInt64]] = []
    var members: [UInt64] = []
    func add() {
      guard members.count < rules.order.count else {
        let end = members.indices.map { members[$0] + rules.kinds[rules.order[$0]].width }.max()!
        if end - members.min()! <= rules.within { found.append(members) }
        return
      }
      let kind = rules.order[members.count]
      let width = rules.kinds[kind].width
      for place in places[kind] {
        let fits = members.indices.allSatisfy { index in
          let other = rules.kinds[rules.order[index]].width
          return members[index] + other <= place
            || !rules.isOrdered && place + width <= members[index]
        }
        guard fits else { continue }
        members.append(place)
        add()
        members.removeLast()
      }
    }
    add()
    return found
  }

  static func check(_ rules: GroupRules, _ places: [[UInt64]], _ note: String) {
    var group = GroupPlaces(rules)
    group.places = places
    group.mark()
    let all = groups(rules, places)
    for kind in places.indices {
      for (index, place) in places[kind].enumerated() {
        let wanted = all.contains { members in
          members.indices.contains { rules.order[$0] == kind && members[$0] == place }
        }
        #expect(
          group.marks[kind][index] == wanted, "kind \(kind) at \(place) of \(places), \(note)")
        let begins = all.contains { members in
          members.min() == place
            && members.indices.contains { rules.order[$0] == kind && members[$0] == place }
        }
        let members = group.members(from: place, kind)
        #expect((members != nil) == begins, "from \(place) of \(places), \(note)")
        if let members {
          // Equal items take their places in rising order.
          #expect(
            all.contains { $0 == members } && members.min() == place,
            "\(members) of \(places), \(note)")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func membersOfGroupsAreMarked(_ isOrdered: Bool) {
    var random = SplitMix(isOrdered ? 1 : 2)
    for round in 0..<400 {
      let kinds = 1 + Int(random.next() % 3)
      let widths = (0..<kinds).map { _ in [1, 2, 4, 8][Int(random.next() % 4)] }
      let steps = widths.map { random.next() % 3 == 0 ? 1 : $0 }
      var order = Array(0..<kinds)
      for _ in 0..<(kinds == 1 ? 2 : Int(random.next() % 3)) {
        order.append(Int(random.next() % UInt64(kinds)))
      }
      let within = order.reduce(0) { $0 + widths[$1] } + Int(random.next() % 12)
      let rules = GroupRules(
        order: order, widths: widths, steps: steps, within: within, isOrdered: isOrdered)
      let places = (0..<kinds).map { kind in
        let count = 1 + Int(random.next() % 7)
        let picked = (0..<count).map { _ in
          1000 + UInt64(steps[kind]) * (random.next() % UInt64(48 / steps[kind]))
        }
        return Set(picked).sorted()
      }
      Self.check(rules, places, "order \(order) widths \(widths) within \(within) round \(round)")
    }
  }

  @Test func denseStretchesAreMarkedWhole() {
    for isOrdered in [false, true] {
      let rules = GroupRules(
        order: [0, 1, 0], widths: [4, 1], steps: [4, 1], within: 16, isOrdered: isOrdered)
      Self.check(
        rules, [(0..<14).map { 4 * $0 }, (0..<40).map { $0 }], isOrdered ? "ordered" : "any")
    }
  }

  static func item(_ type: ScalarType, _ comparison: ValueCondition.Comparison)
    -> GroupPattern.Item
  {
    GroupPattern.Item(ScalarFormat(type, byteOrder: .little), ValueCondition(comparison))
  }

  static let patterns: [GroupPattern] = [
    GroupPattern(
      [item(.u16, .equal(.integer(0x0101))), item(.u8, .equal(.integer(2)))], within: 5),
    GroupPattern(
      [
        item(.u32, .equal(.integer(0))), item(.u32, .equal(.integer(0))),
        item(.u16, .greater(.integer(0x0200))),
      ], within: 20, alignment: 1),
    GroupPattern(
      [
        item(.u16, .equal(.integer(0x0201))), item(.u32, .between(.integer(1), .integer(0x0200))),
        item(.u16, .equal(.integer(0x0201))),
      ], within: 24, isOrdered: true, alignment: 2),
  ]

  @Test(arguments: [(64, 1), (100, 3), (512 << 10, 1)])
  func groupsAreFoundAsTheSearchFindsThem(_ way: (block: Int, threads: Int)) throws {
    for pattern in Self.patterns {
      for seed in 1...3 {
        let source = ScanEngineTests.memory(UInt64(seed))
        let options = ScanOptions(threads: way.threads, blockBytes: way.block)
        let lanes = try pattern.distinctItems.map {
          try ScanLane.member($0, alignment: pattern.alignment, in: source)
        }
        let all = try FirstScan.run(
          source, lanes, in: RecordSearchTests.everywhere, title: "", options: options)
        var places = GroupPlaces(Self.rules(pattern, all))
        places.places = all.lanes.map { lane in
          (0..<lane.count).map { lane.address(at: $0).rawValue }
        }
        places.mark()
        let wanted = places.places.indices.map { kind in
          places.places[kind].indices.filter { places.marks[kind][$0] }
            .map { places.places[kind][$0] }
        }
        for limit in [3, 100_000] {
          for block: UInt64 in [1, 64, 256 << 10] {
            var search = GroupSearch(all, pattern, limit: limit, blockBytes: block)
            let found = try search.run(title: "\(pattern)", parent: nil, progress: nil)
            for (number, lane) in found.hits.lanes.enumerated() {
              let addresses = (0..<lane.count).map { lane.address(at: $0).rawValue }
              #expect(addresses == wanted[number], "\(pattern) blocks of \(block)")
              for index in 0..<lane.count {
                let old = try #require(all.lanes[number].index(of: lane.address(at: index)))
                #expect(lane.keptWord(at: index) == all.lanes[number].keptWord(at: old))
              }
            }
            let starts = wanted.indices.flatMap { kind in
              wanted[kind].filter { places.members(from: $0, kind) != nil }
            }.sorted()
            #expect(found.groups.map(\.start.rawValue) == Array(starts.prefix(limit)))
            #expect(found.isCutShort == (starts.count > limit))
          }
        }
        let found = try source.findGroups(
          pattern, in: RecordSearchTests.everywhere, options: options)
        #expect(found.hits.title == "\(pattern)")
        #expect(found.hits.count == wanted.reduce(0) { $0 + $1.count })
      }
    }
  }

  static func rules(_ pattern: GroupPattern, _ hits: Hits) -> GroupRules {
    GroupRules(
      order: pattern.items.map { pattern.distinctItems.firstIndex(of: $0)! },
      widths: hits.lanes.map(\.width), steps: hits.lanes.map(\.step), within: pattern.within,
      isOrdered: pattern.isOrdered)
  }

  @Test func groupsAreFoundAcrossTheBordersOfBlocks() throws {
    var random = SplitMix(8)
    let bytes = (0..<40_000).map { _ in
      let number = random.next() % 60
      return number < 2 ? UInt8(number + 1) : 0
    }
    let source = BufferSource([(0x10_0000, bytes), (0x9000_0000, Array(bytes.prefix(500)))])
    let pattern = GroupPattern(
      [Self.item(.u8, .equal(.integer(1))), Self.item(.u8, .equal(.integer(2)))], within: 9)
    let found = try source.findGroups(pattern, in: RecordSearchTests.everywhere)
    for (number, lane) in found.hits.lanes.enumerated() {
      var wanted: [UInt64] = []
      for stretch in source.stretches {
        for index in stretch.bytes.indices where stretch.bytes[index] == UInt8(number + 1) {
          let near = stretch.bytes[max(0, index - 8)..<min(stretch.bytes.count, index + 9)]
          if near.contains(UInt8(2 - number)) { wanted.append(stretch.start + UInt64(index)) }
        }
      }
      #expect((0..<lane.count).map { lane.address(at: $0).rawValue } == wanted)
    }
  }

  @Test func refinedHitsAreGroupedAgain() throws {
    let source = BufferSource([(0x1000, [1, 2, 0, 0, 0, 0, 0, 0, 2, 1])])
    let pattern = GroupPattern(
      [Self.item(.u8, .equal(.integer(1))), Self.item(.u8, .equal(.integer(2)))], within: 4)
    let found = try source.findGroups(pattern, in: RecordSearchTests.everywhere)
    #expect(
      found.groups == [
        FoundGroup(members: [Address(0x1000), Address(0x1001)]),
        FoundGroup(members: [Address(0x1009), Address(0x1008)]),
      ])
    source.stretches[0].bytes[1] = 7
    let same = try found.hits.refreshed()
    #expect(same.count == 4)
    let smaller = try same.next(ValueCondition(.less(.integer(3))))
    let again = try smaller.grouped(pattern)
    #expect(again.groups == [FoundGroup(members: [Address(0x1009), Address(0x1008)])])
    #expect(again.hits.count == 2)
    #expect(again.hits.parent === smaller)
    #expect(throws: RemoteMemoryError.self) {
      try smaller.grouped(GroupPattern(Array(pattern.items.reversed()), within: 4))
    }
  }

  @Test(arguments: [
    (GroupPattern([item(.u8, .equal(.integer(1)))], within: 8), "2 to 12 values"),
    (
      GroupPattern([item(.u64, .equal(.integer(1))), item(.u8, .equal(.integer(1)))], within: 8),
      "take 9 bytes"
    ),
    (
      GroupPattern(
        [item(.u64, .equal(.integer(1))), item(.u8, .equal(.integer(1)))], within: 1 << 20),
      "within 9 to 65536"
    ),
    (
      GroupPattern([item(.u8, .unknown), item(.u8, .equal(.integer(1)))], within: 8),
      "true of every value"
    ),
    (
      GroupPattern([item(.u8, .equal(.integer(300))), item(.u8, .unknown)], within: 8),
      "u8 = 300: 300"
    ),
  ])
  func whatMakesNoSenseIsRefused(_ pattern: GroupPattern, _ words: String) {
    let source = ScanEngineTests.memory(1)
    let error = #expect(throws: RemoteMemoryError.self) {
      _ = try source.findGroups(pattern, in: RecordSearchTests.everywhere)
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}

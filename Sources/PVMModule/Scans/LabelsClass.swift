import LuaHost
import MemoryModel
import RemoteMemory

/// Numbers written into the hits, so that the program shows which is which, and what was there.
public final class HitLabels {
  let object: HitsObject
  let first: Int64
  private var originals: [ScalarValue?]

  /// Writes `first`, `first` + 1, ... into the hits, in their order.
  /// - Throws: when they are no values, are too many, or one of the numbers does not fit its type,
  ///   before anything is written.
  init(_ object: HitsObject, from first: Int64) throws {
    self.object = object
    self.first = first
    let hits = object.hits
    guard hits.count <= Self.limit else {
      throw ArgumentMismatch("\(hits.count) hits are too many to label (at most \(Self.limit))")
    }
    guard hits.count == 0 || first <= Int64.max - Int64(hits.count - 1) else {
      throw ArgumentMismatch("\(hits.count) labels from \(first) on pass the greatest integer")
    }
    originals = try hits.readValues().map { value in
      if case .scalar(let scalar)? = value { scalar } else { nil }
    }
    for number in 0..<hits.count where originals[number] != nil {
      guard let cell = object.cell(Int64(number) + 1), case .scalar(let format) = cell.element
      else {
        throw ArgumentMismatch("only hits that are values can be labelled")
      }
      try format.checkLabel(first + Int64(number), object.handle.source)
    }
    for number in 0..<hits.count where originals[number] != nil {
      do {
        try object.cell(Int64(number) + 1)?.write(.integer(first + Int64(number)))
      } catch let error as RemoteMemoryError
        where error.cause == .notWritable || error.cause == .fault
      {
        originals[number] = nil
      } catch {
        restore()
        throw error
      }
    }
  }

  private static let limit = 100_000

  /// How many hits carry a label.
  var count: Int { originals.count { $0 != nil } }

  /// The hit that carries a label.
  func cell(_ label: Int64) -> CellObject? {
    let (number, overflow) = label.subtractingReportingOverflow(first)
    guard !overflow, number >= 0, number < Int64(originals.count), originals[Int(number)] != nil
    else { return nil }
    return object.cell(number + 1)
  }

  /// Writes back what was there, where the label still stands: what the program has changed since
  /// is its own.
  /// - Returns: how many.
  @discardableResult
  func restore() -> Int {
    var restored = 0
    for (number, original) in originals.enumerated() {
      guard let original, let cell = object.cell(Int64(number) + 1) else { continue }
      originals[number] = nil
      guard case .scalar(let now)? = try? cell.value(), now.isNumber(first + Int64(number)),
        (try? cell.write(original.luaValue, isTakenBack: true)) != nil
      else { continue }
      restored += 1
    }
    return restored
  }
}

extension ScalarFormat {
  /// Throws when the type cannot hold a label.
  fileprivate func checkLabel(_ label: Int64, _ source: any MemorySource) throws {
    do {
      _ = try encode(.integer(label), pointerWidth: source.pointerWidth)
    } catch {
      throw ArgumentMismatch("label \(error); label fewer hits, or narrow them first")
    }
  }
}

extension ScalarValue {
  fileprivate func isNumber(_ number: Int64) -> Bool {
    switch self {
    case .integer(let value): value == number
    case .unsigned(let value): value == UInt64(bitPattern: number)
    case .real(let value): value == Double(number)
    case .boolean: false
    }
  }
}

extension PVMModule {
  /// How hits are told apart by what the program shows.
  static var hitsLabelling: [Declaration] {
    [
      .method(
        "label", "Write 1, 2, 3 ... into the hits, so that the program shows which is which.",
        Parameter<Int64>("from", .integer, "the first number", default: 1),
        returns: .object("pvm.labels", "asks which, and puts everything back"),
        about: About(
          fails: scanErrors + ["EREADONLY", "EREFUSED"], source: ["process_vm_writev(2)"],
          example: """
            local hits = game:scan("i32", game:read_i32(health)):near(health, 0)
            local labels = hits:label(90)
            print(labels[game:read_i32(health)].address == health)  --> true
            labels:restore()
            """,
          notes: """
            At most 100 000 hits, and numbers that fit their type; else nothing is written. What \
            cannot be written carries no label. Declare it `local labels <close>` and it is undone at \
            the end of the block.
            """, seeAlso: ["labels.restore"])
      ) { (_, object: HitsObject, from: Int64) in try HitLabels(object, from: from) }
    ]
  }

  static var labelsClass: ClassDeclaration {
    ClassDeclaration(
      HitLabels.self, "pvm.labels", "Numbers written into hits; see `hits.label`.",
      [
        [
          .item(
            ResultType<CellObject>.object("pvm.cell", "the hit with this label; nil without one")
              .optional()
          ) { (labels: HitLabels, label: Int64) in labels.cell(label) },
          .method(
            "restore", "Put back what was there, where the label still stands.",
            returns: .count("how many were put back"),
            about: About(
              example: """
                print(game:scan("i32", game:read_i32(health)):near(health, 0):label(90):restore())  --> 1
                """)
          ) { (_, labels: HitLabels) in labels.restore() },
          .metamethod("__len", .count("how many hits carry one")) { (_, labels: HitLabels) in
            labels.count
          },
          .metamethod("__tostring", .text("one line about it")) { (_, labels: HitLabels) in
            "pvm.labels from \(labels.first) on in \(labels.count) hits"
          },
          .close(
            "Put back what was there; `<close>` does it at the end of a block.",
            about: About(
              example: #"game:scan("i32", game:read_i32(health)):near(health, 0):label(90):close()"#
            )
          ) { (_, labels: HitLabels) in labels.restore() },
        ]
      ])
  }
}

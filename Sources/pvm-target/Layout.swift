/// One arrangement of memory, threads or processes that makes life hard for a reader.
struct Layout: Sendable {
  let name: String
  /// The number used for a bare `NAME`; nil where the layout takes none.
  let number: Int?
  /// One line of help: what it makes, and the keys it prints.
  let summary: String
  let build: @Sendable (Stage, Int) -> Void

  init(
    _ name: String, default number: Int? = nil, _ summary: String,
    build: @escaping @Sendable (Stage, Int) -> Void
  ) {
    self.name = name
    self.number = number
    self.summary = summary
    self.build = build
  }

  static let all = protections + strings + chains + mappings + contents + files + processes

  static func build(_ request: LayoutRequest, on stage: Stage) {
    guard let layout = all.first(where: { $0.name == request.name }) else {
      fail("no layout '\(request.name)' (pvm-target --help lists them)")
    }
    if request.number != nil && layout.number == nil { fail("\(layout.name) takes no number") }
    layout.build(stage, request.number ?? layout.number ?? 0)
  }
}

import LuaHost
import MemoryModel
import RemoteMemory

extension Display {
  /// What fits a parameter that takes a text.
  func values(
    for parameter: ParameterText, of receiver: AnyObject?, typed: String
  ) -> [Candidate] {
    let handle = receiver as? ProcessHandle ?? target
    if parameter.annotation.contains("pvm.query") { return processes(typed) }
    if parameter.summary.contains("address expression") || parameter.name == "at" {
      return places(of: handle)
    }
    switch parameter.name {
    case "module": return modules(of: handle)
    case "file": return mappedFiles(of: handle)
    case "topic": return topics
    case "name" where parameter.note.contains("base name"): return modules(of: handle)
    default: return []
    }
  }

  /// Names, and numbers once a digit is typed; those of others' programs too.
  private func processes(_ typed: String) -> [Candidate] {
    let list = ((try? RemoteProcess.list()) ?? []).filter { !$0.isKernelThread }
    if typed.first?.isNumber == true {
      return list.map { process in
        Candidate(
          "\(process.id)", .process, signature: printable(process.nameBytes),
          summary: printable(Array(process.commandLine.utf8)))
      }.sorted { (Int($0.text) ?? 0) < (Int($1.text) ?? 0) }
    }
    let byName = Dictionary(grouping: list) { printable($0.nameBytes) }
    return byName.keys.sorted().map { name in
      let processes = byName[name] ?? []
      let numbers = processes.prefix(4).map { "\($0.id)" }.joined(separator: ", ")
      let more = processes.count > 4 ? " ..." : ""
      return Candidate(
        name, .process, signature: numbers + more,
        summary: processes.first.map { printable(Array($0.commandLine.utf8)) } ?? "")
    }
  }

  private func modules(of handle: ProcessHandle?) -> [Candidate] {
    let modules = (try? handle?.source.regionMap().modules()) ?? []
    var seen: Set<String> = []
    return modules.filter { seen.insert($0.name).inserted }.map { module in
      Candidate(module.name, .module, signature: "\(module.base)", summary: module.path)
    }.sorted { $0.text < $1.text }
  }

  /// What an expression can begin with: modules, and named regions such as heap and stack.
  private func places(of handle: ProcessHandle?) -> [Candidate] {
    let map = try? handle?.source.regionMap()
    let named = map?.regions.filter { $0.nameBytes.first == UInt8(ascii: "[") } ?? []
    var seen: Set<String> = []
    let regions = named.compactMap { region -> Candidate? in
      let name = region.displayName.filter { $0 != "[" && $0 != "]" }
      guard seen.insert(name).inserted else { return nil }
      return Candidate(
        name, .region, signature: "\(region.start)",
        summary: "\(region.permissions) \(region.range.count.sizeText)")
    }
    return modules(of: handle) + regions
  }

  private func mappedFiles(of handle: ProcessHandle?) -> [Candidate] {
    modules(of: handle).map { Candidate($0.summary, .module, signature: $0.signature) }
  }

  /// What `help` knows.
  private var topics: [Candidate] {
    [Candidate("tutorial", .value, summary: "ten steps for a newcomer")] + session.manual.topics
  }
}

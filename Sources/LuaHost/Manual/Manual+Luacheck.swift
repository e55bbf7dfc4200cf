/// The standard for luacheck, which then knows the module's global and its fields.
extension Manual {
  /// A configuration file that defines `stds.pvm`.
  func luacheckStandard() -> String {
    var names = module.functions.flatMap { function in
      function.hasTwin ? [function.name, "try_" + function.name] : [function.name]
    }
    names += module.constants.map(\.name)
    let features = module.features.map { "            \(key($0.name)) = {},\n" }.joined()
    let fields = names.map { "          \(key($0)) = {},\n" }.joined()
    let name = ManualText.luaName(module.name)
    return """
      -- Use: luacheck --config \(module.name).luacheckrc --std lua54+\(module.name) script.lua
      stds.\(name) = {
        read_globals = {
          \(name) = {
            fields = {
      \(fields)          features = { fields = {
      \(features)          } },
            },
          },
        },
      }

      """
  }

  private func key(_ name: String) -> String {
    ManualText.isName(name) ? name : "[\(ManualText.luaLiteral(name))]"
  }
}

import Glibc

extension GameLoop {
  /// Carries out one line of input; the answer is one line, or the address block.
  func answer(_ line: String) -> String {
    let words = line.split(separator: " ").map(String.init)
    guard let command = words.first else { return "unknown command: (empty line)\n" }
    let numbers = words.dropFirst().compactMap { Double($0) }
    if let text = changeGame(command, numbers) ?? describe(command, words) { return text + "\n" }
    switch command {
    case "addresses": return stage.book.text
    case "exec": replaceImage()
    case "exit": exit(Int32(clamping: numbers.first ?? 0))
    case "raise": return "raise \(raise(Int32(clamping: numbers.first ?? 0)))\n"
    case "quit": end(options.exitCode)
    default: return "unknown command: \(line)\n"
    }
  }

  /// The commands that change the game, answered by what is then so; nil for any other.
  private func changeGame(_ command: String, _ numbers: [Double]) -> String? {
    let number = numbers.first.map(Int32.init(clamping:))
    switch (command, number) {
    case ("state", _): break
    case ("tick", _): for _ in 0..<max(0, number ?? 1) { game.tick() }
    case ("hurt", let number?): game.player.hurt(number)
    case ("gold", let number?): game.player.gold = number
    case ("ammo", let number?): game.player.ammo = number
    case ("move", _) where numbers.count == 3:
      let place = numbers.map { Float($0) }
      game.player.position = Vector(x: place[0], y: place[1], z: place[2])
    case ("pause", _), ("run", _): return pause(command == "pause")
    case ("rate", _?): return changeRate(numbers[0])
    case ("add", let number?) where numbers.count == 2:
      return "added to \(addToContents(number, numbers[1]))"
    default: return nil
    }
    return game.state
  }

  private func pause(_ flag: Bool) -> String {
    isPaused = flag
    schedule()
    return flag ? "paused" : "running"
  }

  /// Adds to one in so many i32 of all contents; returns how many those are.
  private func addToContents(_ addend: Int32, _ distance: Double) -> Int {
    let distance = Int(max(1, Int32(clamping: distance)))
    return stage.changeable.reduce(0) { $0 + $1.add(addend, toOneIn: distance) }
  }

  private func changeRate(_ rate: Double) -> String {
    ticksPerSecond = max(0, rate)
    schedule()
    return "rate \(ticksPerSecond)"
  }

  /// The commands that only show something; nil for any other.
  private func describe(_ command: String, _ words: [String]) -> String? {
    let number = words.dropFirst().first.flatMap { Int($0) } ?? 0
    switch command {
    case "score": return "score \(game.player.score)"
    case "names": return "names " + game.player.names.joined(separator: " | ")
    case "items":
      let first: UInt64 = game.player.block.load(Player.Offset.inventory)
      return (["items"] + Inventory.items(from: first)).joined(separator: " ")
    case "entity" where (0..<EntityTable.count).contains(number):
      return game.entities.describe(number)
    case "thread" where stage.threadCounts.indices.contains(number - 1):
      return "thread \(number)  count \(stage.threadCounts[number - 1].load(0, as: UInt64.self))"
    case "checksum" where words.count == 3: return checksum(words[1], words[2])
    case "patch" where words.count == 3: return patch(words[1], words[2])
    default: return nil
    }
  }

  private func checksum(_ address: String, _ byteCount: String) -> String? {
    guard let address = UInt64(hexadecimal: address), let byteCount = Int(byteCount) else {
      return nil
    }
    return "checksum " + (OwnMemory.checksum(address, byteCount).map(hexadecimal) ?? "unreadable")
  }

  /// Changes bytes of the program itself, its code too.
  private func patch(_ address: String, _ digits: String) -> String? {
    let digits = Array(digits.utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
    }
    guard let address = UInt64(hexadecimal: address), !bytes.isEmpty,
      2 * bytes.count == digits.count
    else { return nil }
    return OwnMemory.patch(address, bytes).map { "patched \($0)" } ?? "not patched"
  }
}

extension Int32 {
  /// The nearest whole number in range; 0 for what is no number.
  fileprivate init(clamping real: Double) {
    self = real.isNaN ? 0 : Int32(Swift.min(Swift.max(real, -2_147_483_648), 2_147_483_647))
  }
}

extension UInt64 {
  fileprivate init?(hexadecimal text: String) {
    guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) else { return nil }
    self = value
  }
}

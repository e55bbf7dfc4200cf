-- A struct declared as in the game's header, then read and changed by name; the same view on a snapshot; and what to
-- do without a header: let the fields be guessed.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

local C = pvm.cdef[[
  struct item { struct item *next; int count, unused; char name[16]; };
  struct player {
    int health, gold, ammo;
    unsigned deaths;
    float pos[3], speed;
    char name[32];
    char16_t wide_name[32];
    struct item *inventory;
    uint32_t key, score;
    int64_t experience;
    double playtime;
    short mana;
    uint8_t level;
    bool alive;
  };
  struct session { uint64_t id; struct player *player; };
  struct world { char magic[8]; uint64_t ticks; struct session *session; };
]]

-- The static of the program leads to the world; from there on pointers are followed by name.
local world = game:view(("[pvm-target+%#x]"):format(at.root - at.module), C.world)
local hero = world.session.player
print(hero)
assert(hero.name == "Zoë Starfall" and hero.inventory.next.name == "shield")

local before = game:snapshot():view(hero:address_of(), C.player)
hero.health = 999
hero.pos[2] = 1.5
hero.inventory.count = 50
local said = target.play(game, "state")
assert(said.health == 999)
assert(target.ask(game, "items"):find("sword 50", 1, true))
print(("health %d, and %d in the snapshot"):format(hero.health, before.health))
assert(before.health == 100 and before.pos[2] == 2.0)

-- A field can be held like any other place.
local freeze = hero:cell("gold"):freeze(1000)
target.play(game, "gold 3")
pvm.sleep(0.3)
assert(target.play(game, "state").gold == 1000)
freeze:release()

-- Without a header: three creatures of the same kind tell what is where, and what differs between them.
local size = at.entity_stride
local guess = game:guess({ at.entities, at.entities + size, at.entities + 2 * size }, size)
print(guess)
local imp = game:view(at.entities + 3 * size, guess:layout())
print("a creature by its guessed layout:", imp.text_20, imp.i32_04)
assert(imp.text_20 == "imp-3" and imp.i32_04 == 130)

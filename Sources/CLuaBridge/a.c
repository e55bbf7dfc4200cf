#include "CLuaBridge.h"
#include <lua.h>
int pvl_placeholder(void){return LUA_VERSION_NUM;}

#include "CProcessVM.h"
int pvm_placeholder(void){return 0;}

int pvm_placeholder(void);

int pvl_placeholder(void);

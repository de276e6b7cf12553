/* A library that another one needs and that is not there at run time. */
int dxgmatrix_absent(void);
int dxgmatrix_absent(void)
{
	return 0;
}

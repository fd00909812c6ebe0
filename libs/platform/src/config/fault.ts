/** What is wrong with one variable; it names the variable, never its value. */
export type Fault = { readonly name: string; readonly problem: string };

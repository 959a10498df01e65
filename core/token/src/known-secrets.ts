/**
 * Secrets long enough to pass the length check that stand in public documentation, sample code and default
 * configurations, and are found in production again and again. A tool that has a longer list hands it to
 * `secretWeakness`.
 */
export const KNOWN_SECRETS: ReadonlySet<string> = new Set(
  `
a-string-secret-at-least-256-bits-long
a-valid-string-secret-that-is-at-least-384-bits-long
a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long
your-256-bit-secret-your-256-bit-secret
your-super-secret-jwt-token-with-at-least-32-characters-long
super-secret-jwt-token-with-at-least-32-characters-long
my-32-character-ultra-secure-and-ultra-long-secret
your-secret-key-at-least-32-characters-long
your-secret-key-must-be-at-least-32-characters
your_super_secret_key_that_is_at_least_32_characters_long
this-is-a-very-long-secret-key-for-jwt-signing
thisisaverysecretkeyforjwttokengeneration
this is my custom Secret key for authentication
THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING
REPLACE_THIS_WITH_A_LONG_RANDOM_SECRET
CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET
change-me-to-a-long-random-secret-string
please-change-this-secret-in-production
my-secret-token-to-change-in-production
reallyreallyreallyreallyverysafe
MasterkeyNeedsToHave32Characters
SecretKey012345678901234567890123456789012345678901234567890123456789
======================BezKoder=Spring===========================
superSecretKey@345superSecretKey@345
ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM
JWTAuthenticationHIGHsecuredPasswordVVVp1OH7Xzyr
3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R
09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7
cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2
16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef
eaa5191f2914e30b9387fd84e254e4ba6fc51b4654968a9b0803b456a54b8418
3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b
404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970
5367566B59703373367639792F423F4528482B4D6251655468576D5A71347437
357638792F423F4428472B4B6250655368566D597133743677397A2443264629
586E3272357538782F413F4428472B4B6250655368566B597033733676397924
e71829c351aa4242c2719cbfbe671c09
44da78b7bbb0dfe709cf38931d25dcdd
2818143646516f6fffd707b36f334bbb
sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U
255d861b-5ea1-5996-9aa3-922530ec40b1
6116487b-cda1-52c2-b5b5-c8022c45e263
0123456789abcdef0123456789abcdef
0123456789ABCDEF0123456789ABCDEF
01234567890123456789012345678901
12345678901234567890123456789012
1234567890123456789012345678901234567890
abcdefghijklmnopqrstuvwxyz123456
abcdefghijklmnopqrstuvwxyz012345
abcdefghijklmnopqrstuvwxyz0123456789
ABCDEFGHIJKLMNOPQRSTUVWXYZ123456
ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789
qwertyuiopasdfghjklzxcvbnm123456
passwordpasswordpasswordpassword
`
    .trim()
    .split('\n'),
)

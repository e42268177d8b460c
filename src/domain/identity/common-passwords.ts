/**
 * What is tried first, everywhere and here: the head of every list of leaked passwords, and what people in
 * Taiwan add to it. Lower case; a longer password may contain one of them.
 */
const words = `
password password1 password12 password123 passw0rd p@ssw0rd p@ssword password! passwords mypassword
qwertyui qwerty12 qwerty123 qwertyuiop qwerty1234 1qaz2wsx 1qaz2wsx3edc 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx
asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm, zxcvbnm123 qazwsxedc qweasdzxc qweqweqwe
asdasdasd
abc12345 abcd1234 abc123456 abcdefg1 abcd12345 a1234567 a12345678 a123456789 aa123456 aa12345678 aa123456789
1234qwer 123qweasd 123456qwerty 123456abc 123456aa 1234abcd 123abc123 12341234 12344321 123123123 123321123
11223344 1122334455 112233445566 123454321 147258369 159357159 159753159 741852963 789456123 987654321
98765432
iloveyou iloveyou1 iloveyou2 ilovegod ilove123 loveyou1 lovelove lovely123 princess princess1 sunshine
sunshine1 football football1 baseball baseball1 basketball superman superman1 batman123 spiderman pokemon1
starwars starwars1 whatever whatever1 trustno1 trustnoone letmein1 letmein12 letmein123 welcome1 welcome12
welcome123 welcome! admin123 admin1234 admin12345 administrator administrator1 root1234 rootroot test1234
testtest test12345 guest123 default1 changeme changeme1 changeme123 computer computer1 internet internet1
michelle michelle1 jennifer jennifer1 jessica1 michael1 charlie1 jordan23 dragon12 dragon123 monkey12
monkey123
shadow12 master12 master123 killer12 mustang1 corvette mercedes samsung1 samsung123 google123 facebook
facebook1 instagram linkedin youtube1 yahoo123 hotmail1 gmail123 windows1 windows10
access14 access123
secret12 secret123 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2026 autumn2026
taiwan123 taiwan1234 taipei123 taipei101 kaohsiung taichung formosa1 formosa123 5201314520 52013145 520131400
1314520a woaini520 woaini1314 woaini123 aini1314 iloveu520 ji3g4g4g ji32k7au ji32k7au4a83 au4a83au4a83
jo6cjo6c vu03vu03 su3cl3su3 su3cl3su3cl3 g4vup3g4 xup6xup6 zxc123456 asd123456 qwe123456 aaa123456 qaz123456
nhicard1 nhicard123 jianbaoka healthcard treasury treasury1 guoku123 nss12345
`;

export const commonPasswords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

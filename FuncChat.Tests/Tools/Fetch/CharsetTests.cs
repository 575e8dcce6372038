using System.Text;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Tools.Fetch;

public class CharsetTests
{
    private static readonly EncodingProvider CodePages = CodePagesEncodingProvider.Instance;

    [Theory]
    [InlineData("utf-8", "utf-8", "größer, 日本")]
    [InlineData("UTF8", "utf-8", "größer, 日本")]
    [InlineData("\"windows-1251\"", "windows-1251", "Привет")]
    [InlineData("koi8-r", "koi8-r", "Привет")]
    [InlineData("Shift_JIS", "shift_jis", "日本語")]
    [InlineData("euc-jp", "euc-jp", "日本語")]
    [InlineData("iso-2022-jp", "iso-2022-jp", "日本語")]
    [InlineData("gb2312", "gb18030", "中文 €")]
    [InlineData("big5", "big5", "中文")]
    [InlineData("euc-kr", "euc-kr", "한국어")]
    [InlineData("iso-8859-1", "windows-1252", "“€”")]
    [InlineData("ISO88591", "windows-1252", "“€”")]
    [InlineData("cp819", "windows-1252", "“€”")]
    [InlineData("iso_8859-9:1989", "windows-1254", "“ş”")]
    [InlineData("iso88592", "iso-8859-2", "žluťoučký")]
    [InlineData("iso-8859-6-i", "iso-8859-6", "سلام")]
    [InlineData("cp866", "cp866", "Привет")]
    [InlineData("ms932", "shift_jis", "日本語")]
    [InlineData("utf-16", "utf-16", "größer")]
    [InlineData("utf-32", "utf-32", "größer \U0001F600")]
    [InlineData("utf-32BE", "utf-32BE", "größer \U0001F600")]
    public void Text_is_decoded_by_the_declared_charset(string declared, string encoding, string text) =>
        Assert.Equal(text, Charset.Decode(Bytes(encoding, text), declared));

    [Theory]
    [InlineData("<meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<!doctype html><META content='text/html; charset=shift_jis' http-equiv=Content-Type>日本", "shift_jis")]
    [InlineData("<?xml version='1.0' encoding=\"euc-jp\"?><p>日本", "euc-jp")]
    [InlineData("<meta charset=\"utf-16\">größer", "utf-8")]
    [InlineData("<!-- <meta charset=koi8-r> --><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<script>'<meta charset=koi8-r>'</script><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<meta name=description content='charset=koi8-r'><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<meta charset=none><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<title>Привет</title><body><p>Привет<meta charset=koi8-r>", "koi8-r")]
    [InlineData("<!--><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("<!---><meta charset=windows-1251>Привет", "windows-1251")]
    [InlineData("größer<!-- <meta charset=koi8-r>", "utf-8")]
    [InlineData("größer<title><meta charset=koi8-r>", "utf-8")]
    [InlineData("größer<meta name='<meta charset=koi8-r>", "utf-8")]
    [InlineData("<meta charset='x-sjis'>日本", "shift_jis")]
    public void Text_is_decoded_by_what_the_markup_says_when_nothing_is_declared(string text, string encoding) =>
        Assert.Equal(text, Charset.Decode(Bytes(encoding, text), declared: null));

    [Theory]
    [InlineData(1_000)]
    [InlineData(3_000)]
    [InlineData(300_000)]
    public void Text_is_decoded_by_what_the_markup_says_however_far_down_the_head(int padding)
    {
        var text = $"<head><!-- {new string('x', padding)} --><meta charset=shift_jis>港の砂";

        Assert.Equal(text, Charset.Decode(Bytes("shift_jis", text), declared: null));
    }

    [Fact]
    public void Text_is_guessed_when_the_markup_declares_its_charset_far_down_the_body()
    {
        var text = $"<title>größer</title><body>{new string('x', 1_000)}<meta charset=koi8-r>";

        Assert.Equal(text, Charset.Decode(Bytes("utf-8", text), declared: null));
    }

    [Fact]
    public void Text_is_decoded_by_the_header_when_the_markup_says_otherwise()
    {
        const string Text = "<meta charset=utf-8>Привет";

        Assert.Equal(Text, Charset.Decode(Bytes("windows-1251", Text), "windows-1251"));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void Text_is_decoded_by_its_byte_order_mark_before_all_else(string encoding)
    {
        const string Text = "<meta charset=koi8-r>größer";
        var bytes = Bytes(encoding, "\uFEFF" + Text);

        Assert.Equal(Text, Charset.Decode(bytes, "windows-1251"));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("windows-1252")]
    public void Text_is_guessed_when_nothing_says_what_it_is(string encoding) =>
        Assert.Equal("größer", Charset.Decode(Bytes(encoding, "größer"), declared: null));

    [Theory]
    [InlineData("shift_jis", "日本語のテキストです。\n売上,123\n")]
    [InlineData("shift_jis", "名前,市\n田中,東京都\n")]
    [InlineData("shift_jis", "売上高,東京,大阪")]
    [InlineData("euc-jp", "日本語のテキストです。\n売上,123\n")]
    [InlineData("iso-2022-jp", "日本語のテキストです。\n売上,123\n")]
    [InlineData("gb18030", "姓名,城市\n王小明,北京市\n我们在这里工作。\n")]
    [InlineData("gb18030", "名称\t数量\n中文报告\t5\n")]
    [InlineData("big5", "姓名,城市\n王小明,臺北市\n我們在這裡工作。\n")]
    [InlineData("euc-kr", "이름,도시\n김철수,서울\n우리는 여기에서 일한다.\n")]
    [InlineData("windows-1251", "Имя;Город\nИванов;Москва\n")]
    [InlineData("koi8-r", "Имя;Город\nИванов;Москва\n")]
    [InlineData("cp866", "Имя;Город\nИванов;Москва\n")]
    [InlineData("koi8-r", "ИВАНОВ ПЕТР, МОСКВА")]
    [InlineData("windows-1253", "Όνομα;Πόλη\nΜαρία;Αθήνα\nη τιμή είναι\n")]
    [InlineData("windows-1255", "המסמך הזה כתוב בעברית, והוא נשמר בקידוד ישן. שלום לכל הקוראים")]
    [InlineData("windows-1256", "مرحبا بالعالم هذا نص")]
    [InlineData("windows-874", "สวัสดีชาวโลก นี่คือข้อความ")]
    [InlineData("windows-1252", "größer\nMüller;Köln\nÄrger «Été» naïve Straße\n")]
    [InlineData("windows-1252", "5 °C, 10 €")]
    [InlineData("windows-1252", "Ärger")]
    [InlineData("windows-1252", "Rent;1\u00A0234\u00A0567\nFood;10\u00A0000\n")]
    [InlineData("windows-1252", "1\u00A0234,50\u00A0€\n1\u00A0234,50\u00A0€\n1\u00A0234,50\u00A0€\n")]
    [InlineData("windows-1252", "¥5, ¥10, ¥20, ¥30")]
    [InlineData("windows-1252", "3 × 4, 5 × 6, 7 × 8")]
    [InlineData("windows-1252", "5 à 10, 3 à 7, 8 à 12")]
    [InlineData("windows-1252", "7 ó 8, 8 ó 9, 6 ú 7")]
    [InlineData("windows-1252", "§ 1, § 2, § 3")]
    [InlineData("windows-1252", "1 · 2 · 3 · 4")]
    [InlineData("windows-1252", "1\u00A0\u00A0\u00A02 ×××× 3")]
    [InlineData("windows-1252", "<p>Îïà")]
    [InlineData("windows-1251", "<p>Имя и Город: Иванов, Москва</p>")]
    public void Encoding_is_guessed_by_the_content_and_named(string encoding, string text)
    {
        Assert.Equal(text, Charset.Decode(Bytes(encoding, text), declared: null, out var guess));
        Assert.Equal(encoding, guess);
    }

    [Theory]
    [InlineData("größer 日本")]
    [InlineData("plain")]
    public void Encoding_is_no_guess_when_the_text_is_valid_as_utf_8(string text)
    {
        Assert.Equal(text, Charset.Decode(Encoding.UTF8.GetBytes(text), declared: null, out var guess));
        Assert.Null(guess);
    }

    [Fact]
    public void Text_in_utf_8_with_a_damaged_character_stays_utf_8()
    {
        Assert.Equal("größer, 日本語\uFFFD.", Charset.Decode([.. Encoding.UTF8.GetBytes("größer, 日本語"), 0xFF, (byte)'.'], declared: null, out var guess));
        Assert.Equal("utf-8", guess);
    }

    [Fact]
    public void Encoding_is_guessed_by_the_content_of_a_text_that_is_cut_within_a_character()
    {
        var text = $"{new string('x', 1_001)}{string.Concat(Enumerable.Repeat("これは日本語です。", 10_000))}";

        Assert.Equal(text, Charset.Decode(Bytes("shift_jis", text), declared: null));
    }

    [Theory]
    [InlineData("iso-8859-10", new byte[] { 0x41, 0xA1, 0xAA, 0xE6, 0xFF }, "AĄŠæĸ")]
    [InlineData("latin6", new byte[] { 0xBD, 0xD0, 0xF0 }, "―Ðð")]
    [InlineData("iso-8859-14", new byte[] { 0x41, 0xA1, 0xA8, 0xD0, 0xF0, 0xFF }, "AḂẀŴŵÿ")]
    [InlineData("ISO8859-14", new byte[] { 0xAF, 0xBC, 0xDE }, "ŸỳŶ")]
    [InlineData("iso-8859-16", new byte[] { 0x41, 0xA4, 0xAA, 0xBA, 0xDE, 0xFE, 0xFF }, "A€ȘșȚțÿ")]
    public void Text_is_decoded_by_the_declared_charset_though_dotnet_does_not_have_it(string declared, byte[] bytes, string text) =>
        Assert.Equal(text, Charset.Decode(bytes, declared));

    [Theory]
    [InlineData("big5-hkscs")]
    [InlineData("big5")]
    public void Text_of_hong_kong_has_no_wrong_letters(string declared)
    {
        // 我哋 and 啲, of which Big5 has the first one alone.
        byte[] bytes = [0xA7, 0xDA, 0x9D, 0xCF, 0x9D, 0xF8];

        var text = Charset.Decode(bytes, declared);

        Assert.StartsWith("我\uFFFD", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter is >= '\uE000' and <= '\uF8FF');
        Assert.True(Charset.LacksCharacters(text, bytes, declared));
        Assert.False(Charset.LacksCharacters("我", bytes, declared));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    [InlineData("")]
    [InlineData("\"")]
    public void Text_is_guessed_when_the_declared_charset_is_unknown(string declared) =>
        Assert.Equal("+ADw-größer", Charset.Decode(Bytes("utf-8", "+ADw-größer"), declared));

    [Fact]
    public void Garbage_is_decoded_without_failing()
    {
        var bytes = new byte[4096];
        new Random(1).NextBytes(bytes);

        Assert.NotEmpty(Charset.Decode(bytes, "utf-8"));
        Assert.NotEmpty(Charset.Decode(bytes, "iso-2022-jp"));
    }

    private static byte[] Bytes(string encoding, string text) => (CodePages.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
}

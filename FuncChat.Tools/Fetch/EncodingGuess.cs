using System.Globalization;
using System.Text;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Guesses the encoding of text that declares none, is not UTF-8, and has no Latin script: the one whose most frequent letters are the most frequent ones in
/// the text.
/// </summary>
internal static class EncodingGuess
{
    private const int SampleBytes = 64 * 1024;

    // Other scripts have few of their letters next to one of ASCII, accented Latin letters have most of them there.
    private const double MaxNextToAscii = 0.2;
    private const int MinLetters = 3;

    // Windows-1252 has signs, and letters that are words, where these scripts have letters.
    private const int MinWord = 3;
    private const double MinInWords = 0.5;
    private const int MinWordsOfPage = 3;
    private const double MinLetterShare = 0.6;

    // Three thousand Chinese characters are in use, of which the ones below make up some 60% of a text, and fewer of a list of names.
    private const int MinCharacters = 2;
    private const int MinCharactersOfPage = 6;
    private const double MinCharacterShare = 0.15;
    private const double MinAdjacent = 0.5;

    private const string Kana = "ぁあいうえおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶへべほぼまみむめもゃやゅゆょよらりるれろわをん"
        + "アァイィウェエオォカガキギクグケゲコゴサザシジスズセゼソゾタダチッツテデトドナニネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワン・ー。、";

    private const string Kanji = "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨京都府県市区町村株式会社田";

    private const string Simplified = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运京省县";

    private const string Traditional = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運臺灣";

    private const string Hangul = "이다는의가에을를고하지은한로도사기나서인어자리대아시정들그보일여해수스라만원과장있부전게으니면주동것구조상제와년적마성경중공신소안무우비국관학내오생방실위모김박최울산";

    private static readonly (int CodePage, string Frequent)[] Scripts =
    [
        (1251, "оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУ"),
        (20866, "оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУ"),
        (866, "оеаинтсрвлкмдпу"), // its capitals are where Shift_JIS has the first bytes of its characters
        (1253, "αοιετσνηυρπκμλςόίάέΑΟΙΕΤΣΝΗΥΡΠΚΜΛΌΊΆΈ"),
        (1255, "יוהלארתבמנשםדקח"),
        (1256, "الينمورتبدعهةسف"),
        (874, "านรอก่เงมยล้วดทีสตะิ"),
    ];

    private static readonly (int CodePage, string Frequent)[] Characters =
    [
        (932, Kana + Kanji),
        (51932, Kana + Kanji),
        (54936, Simplified),
        (950, Traditional),
        (949, Hangul),
    ];

    /// <summary>Null where no encoding stands out.</summary>
    public static Encoding? Of(ReadOnlySpan<byte> bytes)
    {
        // What precedes is ASCII, so a character starts here.
        var start = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (start < 0)
            return null;
        var sample = bytes[start..Math.Min(bytes.Length, start + SampleBytes)];
        var isMarkup = bytes.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
        var best = Best(sample, Scripts, isMarkup, ShareOfLetters);
        var other = Best(sample, Characters, isMarkup, ShareOfCharacters);
        if (other.Share > best.Share)
            best = other;
        return best.Share == 0 ? null : CodePagesEncodingProvider.Instance.GetEncoding(best.CodePage);
    }

    /// <summary>Whether text is UTF-8 except for a few bytes.</summary>
    public static bool IsDamagedUtf8(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        var text = Encoding.UTF8.GetString(bytes[start..Math.Min(bytes.Length, start + SampleBytes)]);
        return text.Count(letter => letter == '\uFFFD') * 4 < text.Count(letter => letter > '\u007F' && letter != '\uFFFD');
    }

    private static (double Share, int CodePage) Best(ReadOnlySpan<byte> sample, (int CodePage, string Frequent)[] candidates, bool isMarkup, Func<string, HashSet<char>, bool, double> shareOf)
    {
        (double Share, int CodePage) best = default;
        foreach (var (codePage, frequent) in candidates)
        {
            if (Decode(sample, codePage) is { } text && shareOf(text, [.. frequent], isMarkup) is var share && share > best.Share)
                best = (share, codePage);
        }

        return best;
    }

    private static string? Decode(ReadOnlySpan<byte> sample, int codePage)
    {
        try
        {
            var decoder = CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!.GetDecoder();
            var text = new char[sample.Length + 1];
            // The sample may end within a character.
            return new string(text, 0, decoder.GetChars(sample, text, flush: false));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static double ShareOfLetters(string text, HashSet<char> frequent, bool isMarkup)
    {
        int count = 0, hits = 0, nextToAscii = 0, words = 0, inWords = 0;
        var letters = new HashSet<char>();
        for (int i = 0, length = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
            {
                length = 0;
                continue;
            }

            count++;
            nextToAscii += (i > 0 && char.IsAsciiLetter(text[i - 1])) || (i + 1 < text.Length && char.IsAsciiLetter(text[i + 1])) ? 1 : 0;
            if (frequent.Contains(text[i]))
            {
                hits++;
                letters.Add(text[i]);
            }

            length = IsLetter(text[i]) ? length + 1 : 0;
            words += length == MinWord ? 1 : 0;
            inWords += length == MinWord ? MinWord : length > MinWord ? 1 : 0;
        }

        var share = (double)hits / count;
        return letters.Count >= MinLetters && words >= (isMarkup ? MinWordsOfPage : 1) && inWords >= count * MinInWords
            && nextToAscii <= count * MaxNextToAscii && share >= MinLetterShare ? share : 0;
    }

    // Thai writes vowels as marks.
    private static bool IsLetter(char letter) => char.IsLetter(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark;

    private static double ShareOfCharacters(string text, HashSet<char> frequent, bool isMarkup)
    {
        int characters = 0, hits = 0, adjacent = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
                continue;
            characters++;
            hits += frequent.Contains(text[i]) ? 1 : 0;
            adjacent += (i > 0 && text[i - 1] >= 0x80) || (i + 1 < text.Length && text[i + 1] >= 0x80) ? 1 : 0;
        }

        var share = (double)hits / characters;
        return characters >= (isMarkup ? MinCharactersOfPage : MinCharacters) && adjacent >= characters * MinAdjacent && share >= MinCharacterShare ? share : 0;
    }
}

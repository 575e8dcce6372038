using System.Text.RegularExpressions;
using static FuncChat.Tests.Tools.Scrape.TestOffice;

namespace FuncChat.Tests.Tools.Scrape;

public sealed class WordTextTests
{
    private const string Raised = """<w:vertAlign w:val="superscript"/>""";
    private const string Lowered = """<w:vertAlign w:val="subscript"/>""";

    [Fact]
    public void Raised_lowered_and_struck_text_keeps_its_meaning()
    {
        var text = TextOf(Word(
            P(R("3 x 10"), R("8", Raised), R(" m/s, 10"), R("-", Raised), R("27", Raised), R(" kg, H"), R("2", Lowered), R("O, x"), R("n+k", Raised), R(", 1"), R("st", Raised))
            + P(R("Price "), R("100 ", "<w:strike/>"), R("80"), R(" EUR", """<w:strike w:val="0"/>"""), R(" 10", "<w:dstrike/>"), R("6", "<w:dstrike/>" + Raised))));

        Assert.Equal("3 x 10⁸ m/s, 10⁻²⁷ kg, H₂O, x^(n+k), 1st\nPrice ~~100~~ 80 EUR ~~10⁶~~", text);
    }

    [Fact]
    public void Styles_hide_raise_and_strike_text_as_properties_do()
    {
        const string Styles = """
            <w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>
            <w:style w:type="character" w:styleId="Base"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
            <w:style w:type="character" w:styleId="S"><w:basedOn w:val="Base"/><w:rPr><w:b/></w:rPr></w:style>
            <w:style w:type="paragraph" w:styleId="Old"><w:rPr><w:strike/></w:rPr></w:style>
            <w:style w:type="character" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
            """;
        var text = TextOf(Word(
            P(R("seen"), R("HIDDEN", """<w:rStyle w:val="H"/>"""), R(" 10"), R("6", """<w:rStyle w:val="S"/>"""), R(" shown", """<w:rStyle w:val="H"/><w:vanish w:val="0"/>"""), R("!", """<w:rStyle w:val="Loop"/>"""))
            + $"""<w:p><w:pPr><w:pStyle w:val="Old"/></w:pPr>{R("old")}{R(" new", """<w:strike w:val="false"/>""")}</w:p>""",
            Styles));

        Assert.Equal("seen 10⁶ shown!\n~~old~~ new", text);
    }

    [Fact]
    public void Text_is_not_hidden_by_its_paragraph_mark_or_by_what_it_was_before()
    {
        var text = TextOf(Word(
            $"""<w:p><w:pPr><w:rPr><w:vanish/><w:specVanish/></w:rPr></w:pPr>{R("1. Termination.")}</w:p>"""
            + P(R("Now visible", """<w:b/><w:rPrChange w:id="1" w:author="A"><w:rPr><w:vanish/></w:rPr></w:rPrChange>"""))));

        Assert.Equal("1. Termination.\nNow visible", text);
    }

    [Fact]
    public void Moved_and_deleted_content_appears_where_it_is_now()
    {
        var text = TextOf(Word(
            P($"""<w:moveFrom w:id="1">{R("Pay 500 EUR.")}</w:moveFrom>""") + P(R("Middle.")) + P($"""<w:moveTo w:id="2">{R("Pay 500 EUR.")}</w:moveTo>""")
            + P(R("a"), "<w:del w:id=\"3\"><w:r><w:delText>b</w:delText><w:tab/><w:noBreakHyphen/><w:br/></w:r></w:del>", "<w:ins w:id=\"4\">" + R("c") + "</w:ins>")));

        Assert.Equal("Middle.\nPay 500 EUR.\nac", text.TrimStart('\n'));
    }

    [Fact]
    public void Signs_that_are_elements_or_characters_of_a_symbol_font_are_kept()
    {
        var text = TextOf(Word(P(
            """<w:r><w:t>555</w:t><w:noBreakHyphen/><w:t>1234, </w:t><w:noBreakHyphen/><w:t>3, co</w:t><w:softHyphen/><w:t>op </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 5</w:t><w:ptab/><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Wingdings" w:char="F021"/></w:r>""",
            R(" \uF0A3 7", """<w:rFonts w:ascii="Symbol"/>"""),
            """<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>""")
            + P("""<w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r>""")));

        Assert.Equal("555‑1234, ‑3, coop ≥ 5\t✓[symbol] ≤ 7☒\n東京(とうきょう)", text);
    }

    [Theory]
    [InlineData("<m:f><m:num>1</m:num><m:den>2</m:den></m:f>", "1/2")]
    [InlineData("3<m:f><m:num>a+b</m:num><m:den>2c</m:den></m:f>", "3((a+b)/(2c))")]
    [InlineData("<m:f><m:fPr><m:type m:val=\"noBar\"/></m:fPr><m:num>n</m:num><m:den>k</m:den></m:f>", "binom(n, k)")]
    [InlineData("<m:sSup><m:e>10</m:e><m:sup>6</m:sup></m:sSup>", "10^6")]
    [InlineData("2<m:sSup><m:e>10</m:e><m:sup>-6</m:sup></m:sSup>", "2 10^(-6)")]
    [InlineData("2<m:sSup><m:e>x</m:e><m:sup>2</m:sup></m:sSup>y", "2x^2 y")]
    [InlineData("<m:sSup><m:e><m:d><m:e>a+b</m:e></m:d></m:e><m:sup>′</m:sup></m:sSup>", "(a+b)′")]
    [InlineData("<m:sSub><m:e>a</m:e><m:sub>ij</m:sub></m:sSub>", "a_ij")]
    [InlineData("<m:sSubSup><m:e>a</m:e><m:sub>1</m:sub><m:sup>2</m:sup></m:sSubSup>", "a_1^2")]
    [InlineData("<m:rad><m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/><m:e>16</m:e></m:rad>", "sqrt(16)")]
    [InlineData("<m:rad><m:deg>3</m:deg><m:e>8</m:e></m:rad>", "8^(1/3)")]
    [InlineData("<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>i=1</m:sub><m:sup>n</m:sup><m:e>i</m:e></m:nary>", "∑_(i=1)^n i")]
    [InlineData("<m:d><m:dPr><m:begChr m:val=\"|\"/><m:endChr m:val=\"|\"/></m:dPr><m:e>x</m:e></m:d>", "|x|")]
    [InlineData("<m:d><m:e><m:m><m:mr><m:e>1</m:e><m:e>2</m:e></m:mr><m:mr><m:e>3</m:e><m:e>4</m:e></m:mr></m:m></m:e></m:d>", "([1, 2; 3, 4])")]
    [InlineData("<m:func><m:fName>sin</m:fName><m:e>x</m:e></m:func>", "sin x")]
    [InlineData("<m:acc><m:e>x</m:e></m:acc>", "hat(x)")]
    [InlineData("<m:phant><m:phantPr><m:show m:val=\"0\"/></m:phantPr><m:e>9</m:e></m:phant>1", "1")]
    public void Formulas_are_written_as_on_pages(string formula, string text)
    {
        // Each run of text between elements is a run of the formula.
        var runs = Regex.Replace(formula, "(?<=>|^)[^<>]+(?=<|$)", "<m:r><m:t>$0</m:t></m:r>", RegexOptions.None, TimeSpan.FromSeconds(1));

        Assert.Equal($"So {text} holds", TextOf(Word(P(R("So "), $"<m:oMath>{runs}</m:oMath>", R(" holds")))));
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(0, 30_000)]
    public void Formula_that_is_too_large_is_a_note(int depth, int length)
    {
        var formula = string.Concat(Enumerable.Repeat("<m:rad><m:e>", depth)) + $"<m:r><m:t>{new string('x', length + 1)}</m:t></m:r>" + string.Concat(Enumerable.Repeat("</m:e></m:rad>", depth));

        Assert.Equal("a[A formula that is too large to be written as text]b", TextOf(Word(P(R("a"), $"<m:oMath>{formula}</m:oMath>", R("b")))));
    }

    [Fact]
    public void Notes_have_the_numbers_that_the_text_refers_to()
    {
        var text = TextOf(Word(
            P(R("Grew by 5"), """<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="7"/></w:r>""", R(" and 6"), """<w:r><w:footnoteReference w:id="3"/></w:r>"""),
            footnotes: $"""<w:footnote w:id="0" w:type="separator">{P(R("LINE"))}</w:footnote><w:footnote w:id="3">{P("<w:r><w:footnoteRef/></w:r>", R("second"))}</w:footnote><w:footnote w:id="7">{P(R("first"))}</w:footnote>"""));

        Assert.Equal("Grew by 5[1] and 6[2]\n\n--- Notes ---\n\n[2] second\n[1] first", text);
    }

    [Fact]
    public void Paragraphs_of_lists_and_headings_have_their_numbers()
    {
        const string Numbering = """
            <w:abstractNum w:abstractNumId="0">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Article %1."/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
            </w:abstractNum>
            <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uF0B7"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
            <w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
            """;
        const string Styles = """
            <w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
            <w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
            """;
        var text = TextOf(Word(
            S("H1", "Scope") + S("H2", "Terms") + S("H2", "Parties") + L(1, 2, "buyer") + L(1, 2, "seller") + S("H1", "Price") + S("H2", "Amount")
            + $"""<w:p><w:pPr><w:pStyle w:val="H2"/><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:del w:id="2"><w:r><w:delText>Gone</w:delText></w:r></w:del></w:p>"""
            + L(2, 1, "Other") + L(2, 1, "Last") + L(3, 0, "point") + L(0, 0, "plain") + L(9, 0, "unknown"),
            Styles, numbering: Numbering));

        Assert.Equal(
            "Article I. Scope\n1.1 Terms\n1.2 Parties\n(a) buyer\n(b) seller\nArticle II. Price\n2.1 Amount\n\n2.7 Other\n2.8 Last\npoint\nplain\nunknown", text);

        static string S(string style, string text) => $"""<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{R(text)}</w:p>""";
        static string L(int list, int level, string text) => $"""<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr>{R(text)}</w:p>""";
    }

    [Fact]
    public void Cells_stay_in_their_columns()
    {
        var text = TextOf(Word(
            $"""<w:tbl><w:tr>{C("Both", """<w:gridSpan w:val="2"/>""")}{C("C")}</w:tr><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{C("b")}{C("c")}</w:tr><w:tr><w:tc>{P(R("a"), "<w:r><w:br/></w:r>", R("a"))}</w:tc>{C("", "<w:vMerge/>")}{C("c")}</w:tr></w:tbl>"""));

        Assert.Equal("Both \t\tC\n\tb \tc\na a \t \tc", text);
    }

    [Fact]
    public void Hidden_shapes_are_left_out() =>
        Assert.Equal("ab", TextOf(Word(P(R("a"), $"""<w:r><w:drawing><wp:inline xmlns:wp="x"><wp:docPr id="1" hidden="1"/>{P(R("HIDDEN"))}</wp:inline></w:drawing></w:r>""", R("b")))));

    private static string P(params string[] content) => $"<w:p>{string.Concat(content)}</w:p>";

    private static string R(string text, string properties = "") => $"""<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>""";

    private static string C(string text, string properties = "") => $"<w:tc><w:tcPr>{properties}</w:tcPr>{P(R(text))}</w:tc>";
}

using System.Text;
using static FuncChat.Tests.Tools.Scrape.TestOffice;

namespace FuncChat.Tests.Tools.Scrape;

public sealed class SheetTextTests
{
    private const string Paragraph = "<w:p><w:r><w:t>Hello</w:t></w:r></w:p>";

    [Theory]
    [InlineData("[h]:mm", "1.5", "36:00:00")]
    [InlineData("[hh]:mm:ss", "-0.25", "-06:00:00")]
    [InlineData("[mm]:ss", "0.5", "12:00:00")]
    [InlineData("[$-409][h]:mm;@", "0.0416666666666667", "01:00:00")]
    [InlineData("h:mm", "0.5", "12:00:00")]
    [InlineData("h:mm AM/PM", "1.75", "18:00:00")]
    [InlineData("mm:ss", "0.0104166666666667", "00:15:00")]
    [InlineData("yyyy-mm-dd", "1", "1900-01-01")]
    [InlineData("yyyy-mm-dd", "59", "1900-02-28")]
    [InlineData("yyyy-mm-dd", "60", "1900-02-29")]
    [InlineData("yyyy-mm-dd", "61", "1900-03-01")]
    [InlineData("m/d/yy h:mm", "45000.9999999999", "2023-03-16")]
    [InlineData("mmm", "45000", "2023-03-15")]
    [InlineData("[Red]0.00;[Blue]-0.00", "0.5", "0.5")]
    [InlineData("0.0\\ \"h\"", "0.5", "0.5")]
    [InlineData("0%", "0.29", "29%")]
    [InlineData("0.0%;[Red]-0.0%", "-0.125", "-12.5%")]
    [InlineData("0\"%\"", "0.25", "0.25")]
    [InlineData("#,##0.00\\ [$€-407]", "1234.5", "1234.5 €")]
    [InlineData("[$CHF] #,##0", "5", "5 CHF")]
    [InlineData("\"$\"#,##0.00_);(\"$\"#,##0.00)", "-5", "-5 $")]
    [InlineData("General", "1E-3", "1E-3")]
    public void Numbers_mean_what_their_format_shows(string format, string value, string text) =>
        Assert.Equal(text, Cells(Workbook($"""<row><c r="A1" s="1"><v>{value}</v></c></row>""", styles: StylesOf(200, format))));

    [Theory]
    [InlineData(46, "1.5", "36:00:00")]
    [InlineData(31, "45000", "2023-03-15")]
    [InlineData(57, "45000", "2023-03-15")]
    [InlineData(21, "0.25", "06:00:00")]
    [InlineData(9, "0.25", "25%")]
    [InlineData(2, "0.25", "0.25")]
    public void Numbers_mean_what_a_built_in_format_shows(int id, string value, string text) =>
        Assert.Equal(text, Cells(Workbook($"""<row><c r="A1" s="1"><v>{value}</v></c></row>""", styles: $"""<cellXfs><xf numFmtId="0"/><xf numFmtId="{id}"/></cellXfs>""")));

    [Theory]
    [InlineData("h:mm", "0.5", "12:00:00")]
    [InlineData("[h]:mm", "1.5", "36:00:00")]
    [InlineData("yyyy-mm-dd", "43538", "2023-03-15")]
    [InlineData("yyyy-mm-dd", "0", "1904-01-01")]
    public void Days_count_from_1904_where_the_workbook_says_so(string format, string value, string text) =>
        Assert.Equal(text, Cells(Workbook($"""<row><c r="A1" s="1"><v>{value}</v></c></row>""", styles: StylesOf(200, format), properties: """<workbookPr date1904="1"/>""")));

    [Fact]
    public void Raised_and_struck_text_keeps_its_meaning()
    {
        const string Strings = """
            <si><r><t>10</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>6</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si>
            <si><r><rPr><strike/></rPr><t>100</t></r><r><t xml:space="preserve"> 80</t></r></si>
            <si><t>a_x000D_b_x005F_x0041_</t></si>
            """;
        var text = Cells(Workbook(
            """<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" s="1"><v>90</v></c><c r="E1" t="inlineStr"><is><r><t>m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></is></c></row>""",
            strings: Strings, styles: """<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>"""));

        Assert.Equal("10⁶\t~~100~~ 80\ta b_x0041_\t~~90~~\tm²", text);
    }

    [Fact]
    public void Cells_after_the_last_column_that_is_read_are_left_out_with_a_note() =>
        Assert.Equal($"{new string('\t', 999)}5\n\n[Only the first 1,000 columns of the sheet are shown.]", Cells(Workbook("""<row><c r="ALL1"><v>5</v></c><c r="ALM1"><v>6</v></c><c r="ALN1"><v>7</v></c></row>""")));

    [Fact]
    public void Formulas_without_a_result_say_so()
    {
        var text = Cells(Workbook("""<row><c r="A1"><f>B2*2</f></c><c r="B1"><f>C2</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c><c r="D1" t="str"><f>""</f><v></v></c><c r="E1"><f t="shared" si="0"/></c></row>"""));

        Assert.Equal("[=B2*2, without a stored result]\t[=C2, without a stored result]\t2\t\t[a formula without a stored result]", text);
    }

    [Fact]
    public void Hidden_rows_and_columns_are_left_out_with_a_note()
    {
        var text = Cells(Workbook(
            """<row><c r="A1"><v>1</v></c><c r="B1"><v>999</v></c><c r="C1"><v>3</v></c></row><row hidden="1"><c r="A2"><v>888</v></c></row><row><c r="A3"><v>4</v></c></row>""",
            columns: """<cols><col min="2" max="2" hidden="1"/></cols>"""));

        Assert.Equal("1\t\t3\n4\n\n[The hidden rows and columns of the sheet are left out.]", text);
    }

    [Fact]
    public void Workbook_is_read_whatever_its_parts_are_named_and_what_is_embedded()
    {
        const string Rows = """<row><c r="A1"><v>42</v></c></row>""";

        Assert.Equal("42", Cells(Workbook(Rows, main: "workbook2.xml")));
        Assert.Equal("42", Cells(With(Workbook(Rows), "xl/embeddings/document.docx", Word("<w:p/>"))));
        Assert.Equal("Hello", TextOf(Word(Paragraph, main: "document2.xml")));
    }

    [Fact]
    public void Document_is_read_whose_names_are_escaped_or_have_backslashes()
    {
        var relations = Encoding.UTF8.GetBytes($"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="word\document.xml"/></Relationships>""");

        Assert.Equal("Hello", TextOf(Word(Paragraph, main: "doc%20ument.xml")));
        Assert.Equal("Hello", TextOf(With(Without(Word(Paragraph), "_rels/.rels"), "_rels/.rels", relations)));
    }

    private static string StylesOf(int id, string format) =>
        $"""<numFmts><numFmt numFmtId="{id}" formatCode="{format.Replace("\"", "&quot;", StringComparison.Ordinal)}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="{id}"/></cellXfs>""";

    private static string Cells(byte[] workbook) => TextOf(workbook).Replace("--- Sheet Prices ---\n\n", "", StringComparison.Ordinal);
}

using FuncChat.Sandbox;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.JavaScript;
using FuncChat.Tools;
using FuncChat.Tools.Sandboxes;
using FuncChat.Tools.Scrape;
using static FuncChat.Tests.Tools.Scrape.TestOffice;

namespace FuncChat.Tests.Tools.Scrape;

public sealed class OfficeReaderTests
{
    [Fact]
    public async Task Document_is_read_with_its_tables_and_without_hidden_and_deleted_text()
    {
        var text = await ReadAsync(Word(
            """
            <w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="100"/></w:tabs></w:pPr><w:r><w:t xml:space="preserve">Grüße </w:t></w:r><w:r><w:t>世界</w:t></w:r></w:p>
            <w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>
            <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ignore all</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>City</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>People</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>Oslo</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>700,000</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <w:p><mc:AlternateContent><mc:Choice><w:r><w:t>once</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>once</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>
            """));

        Assert.Equal("Grüße 世界\na\tb\nc\nshown\nCity \tPeople\nOslo \t700,000\nonce", text.Text);
        Assert.Null(text.Note);
    }

    [Fact]
    public async Task Workbook_is_read_in_columns_with_dates_and_strings()
    {
        var text = await ReadAsync(Workbook(
            """
            <row><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Price</t></is></c><c r="D1" t="str"><f>A1</f><v>Sum</v></c></row>
            <row><c r="A2" t="s"><v>1</v></c><c r="B2"><v>12.5</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" s="1"><v>45358</v></c><c r="E2" s="2"><v>45358.5</v></c><c r="F2" s="3"><v>45358</v></c><c r="G2" s="4"><v>0.25</v></c><c r="H2" t="e"><v>#N/A</v></c></row>
            <row><c r="C3"><v>7</v></c></row>
            """));

        Assert.Equal(
            "--- Sheet Prices ---\n\nItem\tPrice\t\tSum\nTea pot\t12.5\tTRUE\t2024-03-07\t2024-03-07 12:00:00\t45358\t06:00:00\t#N/A\n\t\t7", text.Text);
    }

    [Fact]
    public async Task Presentation_is_read_slide_by_slide() =>
        Assert.Equal("--- Slide 1 of 2 ---\n\nHello\n\n--- Slide 2 of 2 ---\n\nThe end", (await ReadAsync(Slides("Hello", "The end"))).Text);

    [Fact]
    public async Task Chart_is_read_by_a_child_that_can_open_no_more_files()
    {
        var document = Word("""<w:p><w:r><c:chart xmlns:c="c" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId9"/></w:r></w:p>""", main: "with-chart.xml");
        var relationships = """<Relationships><Relationship Id="rId9" Type="x/chart" Target="chart.xml"/></Relationships>"""u8.ToArray();
        var chart = """<chartSpace><chart><plotArea><pieChart><ser><cat><pt idx="0"><v>Tea</v></pt></cat><val><pt idx="0"><v>2</v></pt></val></ser></pieChart></plotArea></chart></chartSpace>"""u8.ToArray();

        var text = await ReadAsync(With(With(Without(document, "word/_rels/with-chart.xml.rels"), "word/_rels/with-chart.xml.rels", relationships), "word/chart.xml", chart));

        Assert.Equal("[Chart]\nTea\t2", text.Text);
    }

    [Fact]
    public async Task Sheets_and_slides_are_read_when_another_one_is_missing()
    {
        var workbook = await ReadAsync(Without(Workbook("""<row><c r="A1"><v>7</v></c></row>""", """<sheet name="Gone" sheetId="2" r:id="rId9"/>""")));
        var slides = await ReadAsync(Without(Slides("Hello", "gone", "The end"), "ppt/slides/slide1.xml"));

        Assert.Equal("--- Sheet Prices ---\n\n7", workbook.Text);
        Assert.Equal("--- Slide 1 of 2 ---\n\nHello\n\n--- Slide 2 of 2 ---\n\nThe end", slides.Text);
    }

    [Theory]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    public async Task Workbook_is_read_when_one_of_its_parts_is_missing(string part) =>
        Assert.Equal("--- Sheet Prices ---\n\n7", (await ReadAsync(Without(Workbook("""<row><c r="A1"><v>7</v></c></row>"""), part))).Text);

    [Fact]
    public async Task Beginning_of_a_document_with_very_many_paragraphs_is_read()
    {
        var text = await ReadAsync(Word(string.Concat(Enumerable.Range(0, 300_000).Select(number => $"<w:p><w:r><w:t>Paragraph {number} of a very long document with words</w:t></w:r></w:p>"))));

        Assert.StartsWith("Paragraph 0 of a very long document with words\nParagraph 1 of", text.Text, StringComparison.Ordinal);
        Assert.Equal(("Only the beginning of the text was read.", DocumentReader.MaxCharacters), (text.Note, text.Text.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task Cut_text_ends_with_a_whole_character(string start)
    {
        var text = await ReadAsync(Word($"<w:p><w:r><w:t>{start}{string.Concat(Enumerable.Repeat("😀", (DocumentReader.MaxCharacters / 2) + 1))}</w:t></w:r></w:p>"));

        Assert.InRange(text.Text.Length, DocumentReader.MaxCharacters - 1, DocumentReader.MaxCharacters);
        Assert.Equal((start, false), (text.Text[..start.Length], text.Text.Contains('\uFFFD', StringComparison.Ordinal) || char.IsHighSurrogate(text.Text[^1])));
        Assert.Equal("Only the beginning of the text was read.", text.Note);
    }

    [Fact]
    public async Task Damaged_document_is_reported_as_such()
    {
        var whole = Word("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>");

        foreach (var damaged in new[] { whole[..^200], Word("<w:p>"), Word("""<!DOCTYPE x [<!ENTITY a "b">]><w:p/>""") })
            Assert.Contains("damaged", (await Assert.ThrowsAsync<ToolException>(() => ReadAsync(damaged))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_without_text_is_reported_as_such() =>
        Assert.Equal("This document has no text.", (await Assert.ThrowsAsync<ToolException>(() => ReadAsync(Word("<w:p/>")))).Message);

    [Fact]
    public async Task Bomb_is_read_in_part_or_refused_and_this_process_is_unharmed()
    {
        var bomb = Word($"<w:p><w:r><w:t>{new string('x', 120_000_000)}</w:t></w:r></w:p>");

        var failure = await Record.ExceptionAsync(async () =>
        {
            var text = await ReadAsync(bomb);
            Assert.InRange(text.Text.Length, 1, DocumentReader.MaxCharacters);
            Assert.Equal("Only the beginning of the text was read.", text.Note);
        });

        Assert.True(failure is null or ToolException, failure?.ToString());
    }

    [LinuxFact]
    public async Task Child_is_confined_before_it_gets_a_document()
    {
        await using var child = SandboxProcess.Start(SandboxCommand.CreateForDocument(DocumentKind.Office), 1000);
        Assert.Equal(SandboxProtocol.Ready, (await child.ReadAsync())?.Kind);

        Assert.All(Sandboxes.ThreadStatuses(child.Id), status => Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal));
    }

    private static Task<DocumentText> ReadAsync(byte[] document) => NoWeb.Documents.ReadAsync(document, DocumentKind.Office, "ada", CancellationToken.None);
}

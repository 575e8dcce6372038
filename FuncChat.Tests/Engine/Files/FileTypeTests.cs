using System.Text;
using FuncChat.Engine.Files;
using FuncChat.Tests.Tools.Scrape;

namespace FuncChat.Tests.Engine.Files;

public sealed class FileTypeTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A00", "image/png")]
    [InlineData("FFD8FFE000", "image/jpeg")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("524946460000000057454250565038", "image/webp")]
    [InlineData("255044462D312E37", "application/pdf")]
    [InlineData("FFFE480069000A00", "text/plain")]
    [InlineData("4D5A9000", null)]
    [InlineData("7F454C460201", null)]
    [InlineData("504B0304", null)]
    [InlineData("89504E47", "text/plain")]
    public void Type_follows_from_the_first_bytes(string hex, string? type) => Assert.Equal(type, FileType.Of(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("{\"a\": 1}", "application/json")]
    [InlineData("\uFEFF [1, 2]\n", "application/json")]
    [InlineData("{\"a\": 1", "text/plain")]
    [InlineData("[note] buy milk", "text/plain")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "text/plain")]
    [InlineData("city,people\nOslo,700000\n", "text/csv")]
    [InlineData("a;b\r\n1;2\r\n", "text/csv")]
    [InlineData("a\tb\n\"x\ty\nz\"\t2\n", "text/csv")]
    [InlineData("Dear Ada,\nthank you.\n", "text/plain")]
    [InlineData("<svg onload='alert(1)'/>", "text/plain")]
    [InlineData("<!doctype html><script>alert(1)</script>", "text/plain")]
    [InlineData("a\0b", null)]
    public void Type_of_text_follows_from_its_form(string text, string? type) => Assert.Equal(type, FileType.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Type_of_a_document_follows_from_its_parts()
    {
        const string Office = "application/vnd.openxmlformats-officedocument.";
        Assert.Equal($"{Office}wordprocessingml.document", FileType.Of(TestOffice.Word("<w:p/>")));
        Assert.Equal($"{Office}spreadsheetml.sheet", FileType.Of(TestOffice.Workbook("")));
        Assert.Equal($"{Office}presentationml.presentation", FileType.Of(TestOffice.Slides("x")));
        Assert.Equal("file.docx", FileName.Clean(null, $"{Office}wordprocessingml.document"));
    }

    [Fact]
    public void Type_of_a_document_does_not_follow_from_the_names_of_its_parts()
    {
        const string Office = "application/vnd.openxmlformats-officedocument.";
        Assert.Equal($"{Office}wordprocessingml.document", FileType.Of(TestOffice.Word("<w:p/>", main: "document2.xml")));
        Assert.Equal($"{Office}spreadsheetml.sheet", FileType.Of(TestOffice.Workbook("", main: "workbook2.xml")));
        Assert.Equal($"{Office}spreadsheetml.sheet", FileType.Of(TestOffice.With(TestOffice.Workbook(""), "xl/embeddings/word/document.xml", TestOffice.Word("<w:p/>"))));
        Assert.Null(FileType.Of(TestOffice.Without(TestOffice.Word("word/document.xml"), "[Content_Types].xml")));
    }

    [Theory]
    [InlineData("a.csv", "a.csv")]
    [InlineData("C:\\Users\\ada\\notes.txt", "notes.txt")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\r\nSet-Cookie: x\u202Etxt.exe", "aSet-Cookie xtxt.exe")]
    [InlineData("\"quoted\"", "quoted")]
    [InlineData("..", "file.txt")]
    [InlineData(null, "file.txt")]
    public void Name_has_no_folders_and_no_invisible_characters(string? name, string cleaned) => Assert.Equal(cleaned, FileName.Clean(name, "text/plain"));
}

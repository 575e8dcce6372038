using System.Globalization;
using System.IO.Compression;
using System.Text;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace FuncChat.Tests.Tools.Scrape;

/// <summary>PDFs for tests: valid ones by a library, hostile ones object by object.</summary>
internal static class TestPdf
{
    /// <summary>One page for each text, with the text's lines below each other.</summary>
    public static byte[] Of(string? title, params IReadOnlyList<string> pages)
    {
        var builder = new PdfDocumentBuilder();
        builder.DocumentInformation.Title = title;
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var text in pages)
        {
            var page = builder.AddPage(PageSize.A4);
            foreach (var (index, line) in text.Split('\n').Index())
            {
                if (line.Length > 0)
                    page.AddText(line, 8, new PdfPoint(40, 800 - 10 * index), font);
            }
        }

        return builder.Build();
    }

    /// <summary>A PDF of these objects, the first of which is its catalog.</summary>
    public static byte[] OfObjects(params IReadOnlyList<byte[]> objects)
    {
        using var pdf = new MemoryStream();
        var offsets = new List<long>();
        pdf.Write("%PDF-1.7\n"u8);
        foreach (var (index, content) in objects.Index())
        {
            offsets.Add(pdf.Length);
            pdf.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n")));
            pdf.Write(content);
            pdf.Write("\nendobj\n"u8);
        }

        var start = pdf.Length;
        var table = new StringBuilder($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            table.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        table.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        pdf.Write(Encoding.ASCII.GetBytes(table.ToString()));
        return pdf.ToArray();
    }

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>A stream with these entries in its dictionary.</summary>
    public static byte[] Stream(string entries, byte[] content) =>
        [.. Ascii(string.Create(CultureInfo.InvariantCulture, $"<< {entries} /Length {content.Length} >>\nstream\n")), .. content, .. "\nendstream"u8];

    /// <summary>So many megabytes of spaces, compressed a thousandfold.</summary>
    public static byte[] CompressedSpaces(int megabytes)
    {
        var spaces = new byte[1024 * 1024];
        Array.Fill(spaces, (byte)' ');
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < megabytes; i++)
                stream.Write(spaces);
        }

        return compressed.ToArray();
    }
}

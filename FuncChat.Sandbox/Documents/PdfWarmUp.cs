using System.Security.Cryptography;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace FuncChat.Sandbox.Documents;

/// <summary>Loads every assembly and native library that a PDF can need while files can still be opened.</summary>
internal static class PdfWarmUp
{
    public static void Run()
    {
        LoadedAssemblies.LoadReferencesOf(typeof(PdfWarmUp).Assembly, typeof(ContentOrderTextExtractor).Assembly, typeof(UglyToad.PdfPig.PdfDocument).Assembly,
            typeof(Standard14Font).Assembly);
        // A PDF that may be read but not changed is encrypted, with an empty password.
        SHA256.HashData([]);
        using var aes = Aes.Create();
        using var decryptor = aes.CreateDecryptor();
        PdfExtraction.Run(new SandboxRequest(Sample(), TimeSpan.FromSeconds(60), 1000), new FrameWriter(Stream.Null));
    }

    private static byte[] Sample()
    {
        var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        builder.AddPage(PageSize.A4).AddText("Sample", 12, new PdfPoint(50, 700), font);
        return builder.Build();
    }
}

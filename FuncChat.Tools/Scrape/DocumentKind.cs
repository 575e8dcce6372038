namespace FuncChat.Tools.Scrape;

/// <summary>What a document is.</summary>
public enum DocumentKind
{
    /// <summary>A PDF.</summary>
    Pdf,

    /// <summary>A document, workbook or presentation of Office (Open XML).</summary>
    Office,
}

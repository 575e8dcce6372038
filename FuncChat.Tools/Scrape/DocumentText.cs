namespace FuncChat.Tools.Scrape;

/// <summary>The text of a document.</summary>
/// <param name="Text">Each page under a line with its number.</param>
/// <param name="Note">What is missing from the text.</param>
public sealed record DocumentText(string? Title, string Text, string? Note)
{
    /// <summary>How the line above each page starts. A long text is cut there.</summary>
    public const string PageMark = "--- Page ";
}

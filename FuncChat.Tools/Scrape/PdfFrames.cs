using System.Globalization;
using System.Text;
using FuncChat.Sandbox;
using FuncChat.Tools.JavaScript;

namespace FuncChat.Tools.Scrape;

/// <summary>Collects the pages that a child sends of a PDF. Whatever ends the child, the pages that have arrived are kept.</summary>
internal sealed class PdfFrames(SandboxProcess child)
{
    private const int MaxTitle = 300;

    private readonly StringBuilder _text = new();
    private readonly List<int> _failed = [];
    private string? _title;
    private int _count;
    private int _read;
    private bool _hasText;

    /// <exception cref="ToolException">There is no text; the message says why.</exception>
    public async Task<PdfText> ReadTextAsync(CancellationToken cancellationToken)
    {
        Frame? last = null;
        while (await ReadAsync(child) is { } frame)
        {
            last = frame;
            Take(frame);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_hasText)
            return new PdfText(_title, _text.ToString(), Note());
        throw new ToolException(last?.Kind switch
        {
            SandboxProtocol.Locked => "This PDF is protected with a password.",
            SandboxProtocol.OutOfMemory => "This PDF needs too much memory to be read: look for another version.",
            SandboxProtocol.End when _failed.Count < _read => "This PDF has no text: its pages are most likely images, such as scans.",
            SandboxProtocol.End or SandboxProtocol.Error => "This PDF is damaged and can't be read: look for another version.",
            _ => "Reading this PDF takes too much time or memory: look for another version.",
        });
    }

    /// <summary>The next frame; null when the child has ended, or sends what no child of ours sends.</summary>
    public static async ValueTask<Frame?> ReadAsync(SandboxProcess child)
    {
        try
        {
            return await child.ReadAsync();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case SandboxProtocol.PageCount:
                _ = int.TryParse(frame.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _count);
                break;
            case SandboxProtocol.Title:
                var title = HtmlDocuments.OneLine(frame.Text);
                _title = title.Length == 0 ? null : title[..TextCut.LengthWithin(title, MaxTitle)];
                break;
            case SandboxProtocol.Page:
                AddPage(frame.Text);
                break;
            case SandboxProtocol.PageFailed:
                _failed.Add(++_read);
                break;
        }
    }

    private void AddPage(string text)
    {
        _read++;
        _hasText |= text.Length > 0;
        if (_text.Length > 0)
            _text.Append("\n\n");
        _text.Append(CultureInfo.InvariantCulture, $"{PdfText.PageMark}{_read} of {_count} ---\n\n{(text.Length == 0 ? "(no text)" : text)}");
    }

    private string? Note()
    {
        var failed = _failed.Count == 0 ? null : $"Pages that can't be read: {string.Join(", ", _failed.Take(20))}.";
        var missing = _read >= _count ? null : string.Create(CultureInfo.InvariantCulture, $"Only the first {_read:N0} of {_count:N0} pages were read.");
        return failed is null ? missing : missing is null ? failed : $"{failed} {missing}";
    }
}

using System.Globalization;
using System.Text;
using FuncChat.Sandbox;
using FuncChat.Tools.Sandboxes;

namespace FuncChat.Tools.Scrape;

/// <summary>Collects the pages that a child sends of a document. Whatever ends the child, the pages that have arrived are kept.</summary>
internal sealed class DocumentFrames(SandboxProcess child, DocumentKind kind)
{
    private const int MaxTitle = 300;

    private readonly StringBuilder _text = new();
    private readonly List<int> _failed = [];
    private string? _title;
    private int _count;
    private int _read;
    private bool _hasText;
    private bool _isCut;

    /// <exception cref="ToolException">There is no text. The message has the reason.</exception>
    public async Task<DocumentText> ReadTextAsync(CancellationToken cancellationToken)
    {
        Frame? last = null;
        while (await ReadAsync() is { } frame)
        {
            last = frame;
            Take(frame);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_hasText)
            return new DocumentText(_title, _text.ToString(), Note());
        var document = kind is DocumentKind.Pdf ? "This PDF" : "This document";
        throw new ToolException(last?.Kind switch
        {
            SandboxProtocol.Locked => $"{document} is protected with a password.",
            SandboxProtocol.OutOfMemory => $"{document} needs too much memory to be read: look for another version.",
            SandboxProtocol.End when kind is DocumentKind.Office => "This document has no text.",
            SandboxProtocol.End when _failed.Count < _read => "This PDF has no text: its pages are most likely images, such as scans.",
            SandboxProtocol.End or SandboxProtocol.Error => $"{document} is damaged and can't be read: look for another version.",
            _ => $"{document} takes too much time or memory to read: look for another version.",
        });
    }

    /// <summary>The next frame; null when the child has ended, or has sent an invalid frame.</summary>
    private async ValueTask<Frame?> ReadAsync()
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
                _title = title.Length == 0 ? null : TextCut.Start(title, MaxTitle);
                break;
            case SandboxProtocol.Page:
                AddPage(frame.Text);
                break;
            case SandboxProtocol.Truncated:
                _isCut = true;
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
        if (kind is DocumentKind.Pdf)
            _text.Append(CultureInfo.InvariantCulture, $"{DocumentText.PageMark}{_read} of {_count} ---\n\n{(text.Length == 0 ? "(no text)" : text)}");
        else
            _text.Append(text);
    }

    private string? Note()
    {
        var failed = _failed.Count == 0 ? null : $"Pages that can't be read: {string.Join(", ", _failed.Take(20))}.";
        var missing = _isCut && kind is DocumentKind.Office ? "Only the beginning of the text was read."
            : _read < _count ? string.Create(CultureInfo.InvariantCulture, $"Only the first {_read:N0} of {_count:N0} pages were read.")
            : _isCut ? "Only the beginning of the last page was read."
            : null;
        return PageContent.Join(failed, missing);
    }
}

using System.ComponentModel;
using System.Diagnostics;
using FuncChat.Tools.Sandboxes;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.Scrape;

/// <summary>Reads the text of documents, each in a confined child process of its own: a hostile document takes neither this process nor its memory.</summary>
public sealed partial class DocumentReader
{
    /// <summary>Of one document; the rest can't be read.</summary>
    public const int MaxCharacters = 1_000_000;

    /// <summary>Each takes up to 300 MB.</summary>
    private const int Concurrency = 2;

    /// <summary>For the pages; those that were read by then are returned.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The child ends most documents on time itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>A document of Office may be a single part, and the child, whose processor time is limited too, gets little of it on a busy machine.</summary>
    private static readonly TimeSpan OfficeGrace = TimeSpan.FromSeconds(40);

    private readonly FairQueue _places = new(Concurrency);
    private readonly Func<DocumentKind, ProcessStartInfo> _command;
    private readonly TimeProvider _clock;
    private readonly ILogger<DocumentReader> _logger;

    /// <param name="command">How a child is started.</param>
    internal DocumentReader(Func<DocumentKind, ProcessStartInfo> command, TimeProvider clock, ILogger<DocumentReader> logger)
    {
        _command = command;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Returns the text of a document, page by page, once a place is free.</summary>
    /// <param name="user">Whose document it is: users take turns.</param>
    /// <exception cref="ToolException">The document can't be read. The message has the reason.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the child is dead.</exception>
    public async Task<DocumentText> ReadAsync(ReadOnlyMemory<byte> document, DocumentKind kind, string user, CancellationToken cancellationToken)
    {
        await _places.EnterAsync(user, System.Threading.Timeout.InfiniteTimeSpan, _clock, cancellationToken);
        try
        {
            await using var child = Start(kind);
            await using var onCancel = cancellationToken.Register(child.Kill);
            var text = await FollowAsync(child, document, kind, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return text;
        }
        finally
        {
            _places.Leave(user);
        }
    }

    private async Task<DocumentText> FollowAsync(SandboxProcess child, ReadOnlyMemory<byte> document, DocumentKind kind, CancellationToken cancellationToken)
    {
        if (!await child.WaitUntilReadyAsync(_clock, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogEndedEarly();
            throw Unavailable(kind);
        }

        using var deadline = new CancellationTokenSource(Timeout + (kind is DocumentKind.Office ? OfficeGrace : Grace), _clock);
        await using var onDeadline = deadline.Token.Register(child.Kill);
        await child.SendAsync(SandboxProcess.RequestFor(document.Span, Timeout, MaxCharacters));
        return await new DocumentFrames(child, kind).ReadTextAsync(cancellationToken);
    }

    private SandboxProcess Start(DocumentKind kind)
    {
        try
        {
            return SandboxProcess.Start(_command(kind), MaxCharacters);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            LogCannotStart(exception);
            throw Unavailable(kind, exception);
        }
    }

    private static ToolException Unavailable(DocumentKind kind, Exception? exception = null) => new(
        kind is DocumentKind.Pdf ? "PDFs can't be read on this server right now: look for an HTML version." : "Documents can't be read on this server right now.",
        exception);

    [LoggerMessage(1303, LogLevel.Error, "The process that reads documents can't be started.")]
    private partial void LogCannotStart(Exception exception);

    [LoggerMessage(1304, LogLevel.Error, "The process that reads documents ended before it was ready.")]
    private partial void LogEndedEarly();
}

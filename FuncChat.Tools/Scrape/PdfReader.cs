using System.ComponentModel;
using System.Diagnostics;
using FuncChat.Sandbox;
using FuncChat.Tools.JavaScript;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.Scrape;

/// <summary>Reads the text of PDFs, each in a confined child process of its own: a hostile document takes neither this process nor its memory.</summary>
public sealed partial class PdfReader : IDisposable
{
    /// <summary>Of one document; the rest can't be read.</summary>
    public const int MaxCharacters = 1_000_000;

    /// <summary>Each takes up to 300 MB.</summary>
    private const int Concurrency = 2;

    /// <summary>For the pages; those that were read by then are returned.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The child ends most documents on time itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(Concurrency);
    private readonly Func<ProcessStartInfo> _command;
    private readonly TimeProvider _clock;
    private readonly ILogger<PdfReader> _logger;

    /// <param name="command">How a child is started.</param>
    internal PdfReader(Func<ProcessStartInfo> command, TimeProvider clock, ILogger<PdfReader> logger)
    {
        _command = command;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Returns the text of a PDF, page by page.</summary>
    /// <exception cref="ToolException">The document can't be read; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the child is dead.</exception>
    public async Task<PdfText> ReadAsync(ReadOnlyMemory<byte> pdf, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            await using var child = Start();
            await using var onCancel = cancellationToken.Register(child.Kill);
            var text = await FollowAsync(child, pdf, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return text;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<PdfText> FollowAsync(SandboxProcess child, ReadOnlyMemory<byte> pdf, CancellationToken cancellationToken)
    {
        if (await PdfFrames.ReadAsync(child) is not { Kind: SandboxProtocol.Ready })
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogEndedEarly();
            throw Unavailable();
        }

        using var deadline = new CancellationTokenSource(Timeout + Grace, _clock);
        await using var onDeadline = deadline.Token.Register(child.Kill);
        await child.SendAsync(SandboxProcess.RequestFor(pdf.Span, Timeout, MaxCharacters));
        return await new PdfFrames(child).ReadTextAsync(cancellationToken);
    }

    private SandboxProcess Start()
    {
        try
        {
            return SandboxProcess.Start(_command(), MaxCharacters);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            LogCannotStart(exception);
            throw Unavailable(exception);
        }
    }

    private static ToolException Unavailable(Exception? exception = null)
    {
        const string Message = "PDFs can't be read on this server right now: look for an HTML version.";
        return exception is null ? new ToolException(Message) : new ToolException(Message, exception);
    }

    [LoggerMessage(1303, LogLevel.Error, "The process that reads PDFs can't be started.")]
    private partial void LogCannotStart(Exception exception);

    [LoggerMessage(1304, LogLevel.Error, "The process that reads PDFs ended before it was ready.")]
    private partial void LogEndedEarly();
}

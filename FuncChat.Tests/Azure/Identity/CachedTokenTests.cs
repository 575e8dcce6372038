using System.Threading.Channels;
using Azure.Core;
using Azure.Identity;
using FuncChat.Azure.Identity;
using FuncChat.Tests.Support;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure.Identity;

public sealed class CachedTokenTests : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly CachedToken _kept;

    // Each request for a token, answered by the test when it wants to.
    private readonly Channel<TaskCompletionSource<AccessToken>> _requests = Channel.CreateUnbounded<TaskCompletionSource<AccessToken>>();

    public CachedTokenTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _kept = new CachedToken(Request, _time, _loggers.CreateLogger<CachedToken>());
    }

    [Fact]
    public async Task Token_is_asked_for_once_when_many_want_it_at_the_same_time()
    {
        var waiting = Enumerable.Range(0, 20).Select(_ => GetAsync()).ToList();

        await AnswerAsync("first");

        Assert.All(await Task.WhenAll(waiting), token => Assert.Equal("first", token));
        Assert.Equal("first", await GetAsync());
        Assert.False(_requests.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Callers_do_not_wait_while_a_token_is_renewed_before_it_expires()
    {
        await FirstAsync();
        _time.Advance(Life - CachedToken.Ahead);

        Assert.Equal("first", await GetAsync());
        Assert.Equal("first", await GetAsync());

        var renewal = _kept.Renewal;
        await AnswerAsync("second");
        await renewal;
        Assert.Equal("second", await GetAsync());
        Assert.False(_requests.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Token_is_waited_for_when_the_one_at_hand_has_ended()
    {
        await FirstAsync();
        _time.Advance(Life);

        var waiting = GetAsync();

        Assert.False(waiting.IsCompleted);
        await AnswerAsync("second");
        Assert.Equal("second", await waiting);
    }

    [Fact]
    public async Task Token_at_hand_serves_on_and_the_issuer_is_left_alone_for_a_while_when_a_renewal_fails()
    {
        await FirstAsync();
        _time.Advance(Life - CachedToken.Ahead);
        Assert.Equal("first", await GetAsync());
        var renewal = _kept.Renewal;
        (await _requests.Reader.ReadAsync()).SetException(new AuthenticationFailedException("down"));
        await renewal;

        Assert.StartsWith("Warning 431", _log.All, StringComparison.Ordinal);
        Assert.Equal("first", await GetAsync());
        Assert.False(_requests.Reader.TryPeek(out _));

        _time.Advance(CachedToken.Pause);
        Assert.Equal("first", await GetAsync());
        renewal = _kept.Renewal;
        await AnswerAsync("second");
        await renewal;
        Assert.Equal("second", await GetAsync());
    }

    [Fact]
    public async Task Renewal_continues_for_other_callers_when_one_cancels()
    {
        using var leaving = new CancellationTokenSource();
        var left = _kept.GetAsync(leaving.Token).AsTask();
        var stays = GetAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await AnswerAsync("first");
        Assert.Equal("first", await stays);
    }

    [Fact]
    public async Task Wait_ends_when_the_sign_in_hangs()
    {
        var waiting = GetAsync();
        await _requests.Reader.ReadAsync();

        _time.Advance(CachedToken.Limit);

        await Assert.ThrowsAsync<AppTokenException>(() => waiting);
    }

    public void Dispose() => _loggers.Dispose();

    private ValueTask<AccessToken> Request(CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<AccessToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Writer.TryWrite(answer);
        return new(answer.Task);
    }

    private Task<string> GetAsync() => _kept.GetAsync(CancellationToken.None).AsTask();

    private async Task AnswerAsync(string token) =>
        (await _requests.Reader.ReadAsync()).SetResult(new AccessToken(token, _time.GetUtcNow() + Life));

    private async Task FirstAsync()
    {
        var first = GetAsync();
        await AnswerAsync("first");
        await first;
    }
}

using System.Net;
using FuncChat.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Web.Auth;

public sealed class SigningKeyTests : IAsyncLifetime
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.StartAsync(("FuncChat:Limits:RequestsPerMinute", "0"));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Keys_are_fetched_once_when_tokens_come_together()
    {
        var token = _server.Issuer.TokenWith();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(token)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _server.Issuer.KeyFetches);
    }

    [Fact]
    public async Task Token_of_a_new_key_is_taken_at_once_and_one_of_the_old_key_no_more()
    {
        var old = _server.Issuer.TokenWith();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        _server.Time.Advance(AMinute);

        _server.Issuer.RotateTo("key-2");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
    }

    [Fact]
    public async Task Made_up_key_ids_fetch_the_keys_once_a_minute_at_most()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));
        var forger = OpenIdIssuer.NewKey("forged").Rsa;
        var forged = Enumerable.Range(0, 10).Select(number => _server.Issuer.Token(new RsaSecurityKey(forger) { KeyId = $"made-up-{number}" })).ToList();

        foreach (var token in forged)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        Assert.Equal(1, _server.Issuer.KeyFetches);
        _server.Time.Advance(AMinute);
        foreach (var token in forged)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));

        Assert.Equal(2, _server.Issuer.KeyFetches);
    }

    [Fact]
    public async Task Token_is_503_while_the_issuer_has_not_been_reached_and_200_once_it_was()
    {
        _server.Issuer.Down = true;
        using var unchecked_ = await _server.GetAsync(_server.Issuer.TokenWith());
        await StatusAsync(_server.Issuer.TokenWith());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unchecked_.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), unchecked_.Headers.RetryAfter?.Delta);
        var problem = await GuardedServer.JsonAsync(unchecked_);
        Assert.Equal("UNAVAILABLE", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("retryable").GetBoolean());
        var asked = _server.Issuer.MetadataFetches;

        _server.Issuer.Down = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(_server.Issuer.TokenWith()));
        Assert.Equal(asked, _server.Issuer.MetadataFetches);
        _server.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));
    }

    [Fact]
    public async Task Keys_stay_good_when_the_issuer_can_not_be_reached_later()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));
        _server.Issuer.Down = true;
        _server.Time.Advance(TimeSpan.FromHours(13));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));

        Assert.Contains("411", _server.Logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_wait_for_an_issuer_share_one_attempt_however_long_it_takes()
    {
        _server.Issuer.Down = true;
        _server.Issuer.Before = () =>
        {
            _server.Time.Advance(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(_server.Issuer.TokenWith()));
        var fetchesOfAnAttempt = _server.Issuer.MetadataFetches;
        _server.Time.Advance(TimeSpan.FromSeconds(5));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StatusAsync(_server.Issuer.TokenWith())));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        Assert.Equal(2 * fetchesOfAnAttempt, _server.Issuer.MetadataFetches);
    }

    [Fact]
    public async Task Tokens_of_a_known_key_do_not_wait_for_an_issuer_that_is_slow_to_renew_its_keys()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));
        var (asked, answer) = (new ManualSignal(), new ManualSignal());
        _server.Issuer.Before = () =>
        {
            asked.Set();
            return answer.WaitAsync();
        };
        _server.Time.Advance(TimeSpan.FromHours(13));
        var first = StatusAsync(_server.Issuer.TokenWith());
        await asked.WaitAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Issuer.TokenWith()));

        answer.Set();
        Assert.Equal(HttpStatusCode.OK, await first);
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var response = await _server.GetAsync(token);
        return response.StatusCode;
    }
}

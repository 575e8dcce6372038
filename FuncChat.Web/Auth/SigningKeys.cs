using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FuncChat.Web.Auth;

/// <summary>
/// An issuer's metadata and keys, fetched when they are first needed, again after a while, and when a token names a key that is not among
/// them. Those that there are stay good when the issuer can't be reached.
/// </summary>
/// <remarks>
/// The library's ConfigurationManager fetches behind the request's back, so that the first tokens of a new key are refused, and it does so by
/// the computer's clock.
/// </remarks>
internal sealed partial class SigningKeys(IdentityProvider provider, IDocumentRetriever documents, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // Between two fetches, whatever keys tokens name: anybody can make up names.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseWithoutKeys = TimeSpan.FromSeconds(5);

    private readonly string _address = $"{provider.Authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Fetched _fetched = new(null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>The metadata, with the key of that id if the issuer has it; null where the issuer could not be reached yet.</summary>
    public async ValueTask<OpenIdConnectConfiguration?> GetAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!IsFetchDue(keyId))
            return _fetched.Metadata;
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (IsFetchDue(keyId))
                await FetchAsync();
            return _fetched.Metadata;
        }
        finally
        {
            _fetching.Release();
        }
    }

    public void Dispose() => _fetching.Dispose();

    private bool IsFetchDue(string keyId)
    {
        var (metadata, at, triedAt) = _fetched;
        var now = time.GetUtcNow();
        if (metadata is not null && now - at < Lifetime && (keyId.Length == 0 || metadata.SigningKeys.Any(key => key.KeyId == keyId)))
            return false;
        return now - triedAt >= (metadata is null ? PauseWithoutKeys : Pause);
    }

    // Others wait for it too, so it does not end with the request that began it.
    private async Task FetchAsync()
    {
        var now = time.GetUtcNow();
        try
        {
            var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(_address, documents, CancellationToken.None);
            if (!provider.Issues(metadata.Issuer ?? "") || metadata.SigningKeys.Count == 0)
                throw new InvalidOperationException("The metadata are another issuer's, or hold no keys.");
            _fetched = new(metadata, now, now);
        }
        catch (Exception e)
        {
            LogNotFetched(provider.Name, e);
            _fetched = _fetched with { TriedAt = now };
        }
    }

    [LoggerMessage(411, LogLevel.Error, "The keys of the identity provider {Provider} could not be fetched")]
    private partial void LogNotFetched(string provider, Exception exception);

    private sealed record Fetched(OpenIdConnectConfiguration? Metadata, DateTimeOffset At, DateTimeOffset TriedAt);
}

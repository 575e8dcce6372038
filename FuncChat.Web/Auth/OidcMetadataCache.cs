using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FuncChat.Web.Auth;

/// <summary>
/// An issuer's metadata and signing keys. They are fetched at first use, twice a day, and when a token names an unknown key. While the issuer
/// is unreachable, the last ones stay in use.
/// </summary>
/// <remarks>
/// It replaces the library's ConfigurationManager, which refreshes in the background, so that the first tokens of a new key are refused, and
/// reads the system clock. See docs/decisions/0010-token-validation.md.
/// </remarks>
internal sealed partial class OidcMetadataCache(IdentityProvider provider, IDocumentRetriever documents, TimeProvider time, ILogger logger)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // The shortest time between two fetches: a caller can make up any number of key ids.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseWithoutKeys = TimeSpan.FromSeconds(5);

    private readonly string _address = $"{provider.Authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Fetched _fetched = new(null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>Fetches the metadata if they are missing or old, or if the key is not among theirs, and a fetch is allowed again.</summary>
    /// <returns>False if there are no metadata, because the issuer has been unreachable so far.</returns>
    public async ValueTask<bool> EnsureKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!IsFetchDue(keyId))
            return _fetched.Metadata is not null;

        // A known key stays valid until it is known to be withdrawn: only one request waits for an issuer that is slow.
        if (!IsKnown(keyId))
            await _fetching.WaitAsync(cancellationToken);
        else if (!await _fetching.WaitAsync(TimeSpan.Zero, cancellationToken))
            return true;
        try
        {
            if (IsFetchDue(keyId))
                await FetchAsync();
            return _fetched.Metadata is not null;
        }
        finally
        {
            _fetching.Release();
        }
    }

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        _fetched.Metadata is { } metadata ? Task.FromResult(metadata) : throw new RefusedTokenException(SignInErrors.IssuerUnavailable);

    public void RequestRefresh()
    {
        // EnsureKeyAsync decides when to fetch.
    }

    public void Dispose() => _fetching.Dispose();

    private bool IsFetchDue(string keyId)
    {
        var (metadata, at, triedAt) = _fetched;
        var now = time.GetUtcNow();
        if (metadata is not null && now - at < Lifetime && IsKnown(keyId))
            return false;
        return now - triedAt >= (metadata is null ? PauseWithoutKeys : Pause);
    }

    private bool IsKnown(string keyId) => _fetched.Metadata is { } metadata && (keyId.Length == 0 || metadata.SigningKeys.Any(key => key.KeyId == keyId));

    // Other requests wait for it too, so it is not cancelled with the request that started it.
    private async Task FetchAsync()
    {
        try
        {
            var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(_address, documents, CancellationToken.None);
            if (!provider.Issues(metadata.Issuer ?? "") || metadata.SigningKeys.Count == 0)
                throw new InvalidOperationException("The metadata name another issuer, or contain no keys.");
            _fetched = new(metadata, time.GetUtcNow(), time.GetUtcNow());
        }
        catch (Exception e)
        {
            LogNotFetched(provider.Name, e);

            // From the end: if the issuer does not respond, each of the requests that wait would wait for an attempt of its own.
            _fetched = _fetched with { TriedAt = time.GetUtcNow() };
        }
    }

    [LoggerMessage(411, LogLevel.Error, "The signing keys of the identity provider {Provider} could not be fetched")]
    private partial void LogNotFetched(string provider, Exception exception);

    private sealed record Fetched(OpenIdConnectConfiguration? Metadata, DateTimeOffset At, DateTimeOffset TriedAt);
}

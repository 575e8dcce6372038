using System.Collections.Concurrent;
using Azure.Core;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Identity;

/// <summary>Tokens of the app's identity, kept by scope.</summary>
/// <param name="credential">Made when the first token is asked for: most who start this need none.</param>
internal sealed class AppTokens(Lazy<TokenCredential> credential, TimeProvider time, ILogger<AppTokens> logger) : IAppTokens
{
    private readonly ConcurrentDictionary<string, CachedToken> _tokens = new(StringComparer.Ordinal);

    public ValueTask<string> GetAsync(string scope, CancellationToken cancellationToken) =>
        _tokens.GetOrAdd(scope, Kept).GetAsync(cancellationToken);

    private CachedToken Kept(string scope) =>
        new(token => credential.Value.GetTokenAsync(new TokenRequestContext([scope]), token), time, logger);
}

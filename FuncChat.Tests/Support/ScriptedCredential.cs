using Azure.Core;

namespace FuncChat.Tests.Support;

/// <summary>An identity that gives, or refuses, tokens as a test says.</summary>
internal sealed class ScriptedCredential(Func<TokenRequestContext, CancellationToken, ValueTask<AccessToken>> answer) : TokenCredential
{
    private int _asked;

    public ScriptedCredential()
        : this((_, _) => new(new AccessToken("token", DateTimeOffset.MaxValue)))
    {
    }

    public int Asked => Volatile.Read(ref _asked);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return answer(requestContext, cancellationToken);
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No caller should block for a token.");
}
